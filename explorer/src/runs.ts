import type { Cost, Trace } from "./cost/trace";
import { createStore } from "./store";

/** What is known of an operation that was run in the editor. */
export interface Run {
  operationName: string | null;
  isMutation: boolean;
  roundTripMs: number;
  /** The header that it was sent with; null if it was the public's. */
  authorization: string | null;
  /** What its answer said that it cost; null if there was no answer. */
  measures: Measures | null;
}

export interface Measures {
  cost: Cost | null;
  trace: Trace | null;
}

const lastRun = createStore<Run | null>(null);
const mutations = createStore(0);

export const useLastRun: () => Run | null = lastRun.use;

/** How many mutations were run: with each, what was read before may have changed. */
export const useMutations: () => number = mutations.use;

export function record(run: Run): void {
  lastRun.set(run);
  if (run.isMutation) mutations.set(mutations.get() + 1);
}
