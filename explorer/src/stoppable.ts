import type { Observable } from "@graphiql/toolkit";

interface Listener<T> {
  next: (value: T) => void;
  error: (reason: unknown) => void;
  complete: () => void;
}

/** Work that begins when somebody listens, and is stopped, without another word, when they leave. */
export function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> {
  const subscribe = ({ next, error, complete }: Listener<T>) => {
    const controller = new AbortController();
    const unlessLeft =
      <V>(tell: (value: V) => void) =>
      (value: V) => {
        if (!controller.signal.aborted) tell(value);
      };
    work(controller.signal).then(
      unlessLeft((value) => {
        next(value);
        complete();
      }),
      unlessLeft(error),
    );
    return {
      unsubscribe: () => {
        controller.abort();
      },
    };
  };
  return { subscribe } as Observable<T>; // GraphiQL hands over no bare functions
}
