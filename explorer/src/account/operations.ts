import type { GraphQLFormattedError } from "graphql";

import { counted } from "../counted";
import { ask, authorization } from "../endpoint";

/** The server said no; the message says why, to a person. */
export class Refused extends Error {}

export interface Viewer {
  displayName: string;
  username: string;
  role: string;
  /** Since and until when this session lasts. */
  session: { createdAt: string; expiresAt: string } | null;
}

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    ... on SignInPayload { token }
    ... on Error { message }
  }
}`;
const VIEWER = `query Viewer {
  viewer { displayName username role }
  sessions { isCurrent createdAt expiresAt }
}`;
const SIGN_OUT = "mutation SignOut { signOut }";

/** A token for who has this login and password; raises `Refused` and `Unanswered`. */
export async function signIn(login: string, password: string): Promise<string> {
  const { signIn: outcome } = await dataOf<{ signIn: { token: string } | { message: string } }>(
    SIGN_IN,
    null,
    { input: { login, password } },
  );
  if ("message" in outcome) throw new Refused(outcome.message);
  return outcome.token;
}

/** Who has this token; raises `Refused` and `Unanswered`. */
export async function viewerOf(token: string): Promise<Viewer> {
  const { viewer, sessions } = await dataOf<{
    viewer: Omit<Viewer, "session">;
    sessions: { isCurrent: boolean; createdAt: string; expiresAt: string }[];
  }>(VIEWER, token);
  return { ...viewer, session: sessions.find(({ isCurrent }) => isCurrent) ?? null };
}

/** End the session of a token; raises `Refused` and `Unanswered`. */
export async function signOut(token: string): Promise<void> {
  await dataOf(SIGN_OUT, token);
}

async function dataOf<T>(query: string, token: string | null, variables = {}): Promise<T> {
  const { data, errors } = await ask({ query, variables }, authorization(token));
  const [error] = errors ?? [];
  if (error !== undefined) throw new Refused(sentence(error));
  return data as T;
}

function sentence({ message, extensions }: GraphQLFormattedError): string {
  const seconds = extensions?.retryAfterSeconds;
  return typeof seconds === "number"
    ? `Too many attempts. Try again in ${lasting(seconds)}.`
    : message;
}

/** "1 second", "119 seconds", "2 minutes": never less than it is. */
function lasting(seconds: number): string {
  return seconds < 120 ? counted(seconds, "second") : counted(Math.ceil(seconds / 60), "minute");
}
