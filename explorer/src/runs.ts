import type { Cost, Trace } from "./cost/trace";
import { createStore } from "./store";

/** What is known of an operation that was run in the editor. */
export interface Run {
  operationName: string | null;
  query: string;
  roundTripMs: number;
  /** Whose it was; null if it was the public's. */
  token: string | null;
  cost: Cost | null;
  trace: Trace | null;
}

const lastRun = createStore<Run | null>(null);

export const record: (run: Run) => void = lastRun.set;
export const useLastRun: () => Run | null = lastRun.use;
