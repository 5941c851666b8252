import { isMutation, keysOf } from "../documents";
import { isInOwnSession } from "../endpoint";
import { endSession, type Offer, offerSession } from "../session";

const TOKEN = /^[\w-]{43}$/;

/** See whether a mutation that was run in the editor ended the page's session, or began another. */
export function heedSessions(
  document: string,
  operationName: string | null,
  headers: Headers,
  data: Record<string, unknown>,
): void {
  if (!isMutation(document, operationName)) return;
  const isSignedOut = keysOf("signOut", document, operationName).some((key) => data[key] === true);
  if (isSignedOut && isInOwnSession(headers)) endSession("You signed out in the editor.");
  for (const offer of offersIn(data)) offerSession(offer);
}

interface Begun {
  token?: unknown;
  user?: { displayName?: string; username?: string } | null;
}

/** The sessions that an answer holds, under whatever keys. */
function offersIn(data: Record<string, unknown>): Offer[] {
  return Object.values(data).flatMap((outcome) => {
    const { token, user } = (outcome ?? {}) as Begun;
    if (typeof token !== "string" || !TOKEN.test(token)) return [];
    return [{ token, name: user?.displayName ?? user?.username ?? null }];
  });
}
