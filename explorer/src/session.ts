import { createStore } from "./store";

/** A session that was begun in the editor, and that the page could take over. */
export interface Offer {
  token: string;
  name: string | null;
}

export interface Session {
  token: string | null;
  /** Why nobody is signed in any more. */
  notice: string | null;
  /** What came of the last try to sign in, if it failed. */
  failure: { login: string; problem: string } | null;
  offer: Offer | null;
}

const KEY = "inkwell:token";
const NOBODY: Session = { token: null, notice: null, failure: null, offer: null };
const session = createStore<Session>({ ...NOBODY, token: sessionStorage.getItem(KEY) });

export const useSession: () => Session = session.use;

export function currentToken(): string | null {
  return session.get().token;
}

export function beginSession(token: string): void {
  sessionStorage.setItem(KEY, token);
  session.set({ ...NOBODY, token });
}

/** Keep why somebody could not sign in, until the next try. */
export function failSession(failure: Session["failure"]): void {
  session.set({ ...session.get(), failure });
}

export function endSession(notice: string | null = null): void {
  sessionStorage.removeItem(KEY);
  session.set({ ...session.get(), token: null, notice });
}

/** Let the person decide whether the page goes on in another session. */
export function offerSession(offer: Offer): void {
  session.set({ ...session.get(), offer });
}
