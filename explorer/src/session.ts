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
  offer: Offer | null;
}

const KEY = "inkwell:token";
const session = createStore<Session>({
  token: sessionStorage.getItem(KEY),
  notice: null,
  offer: null,
});

export const useSession: () => Session = session.use;

export function currentToken(): string | null {
  return session.get().token;
}

export function beginSession(token: string): void {
  sessionStorage.setItem(KEY, token);
  session.set({ token, notice: null, offer: null });
}

export function endSession(notice: string | null = null): void {
  sessionStorage.removeItem(KEY);
  session.set({ ...session.get(), token: null, notice });
}

/** Let the person decide whether the page goes on in another session. */
export function offerSession(offer: Offer): void {
  session.set({ ...session.get(), offer });
}
