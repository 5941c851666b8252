import type { Phases, Trace } from "./trace";

/** A part of the time; null was not needed, or not come to. */
export interface Share {
  part: keyof Phases | "rest";
  ms: number | null;
}

const PHASES = ["parse", "validate", "plan", "execute", "sql", "encode"] as const;

/** The whole time as its phases, in order, and the rest that no phase names. */
export function shares({ durationMs, phases }: Trace): Share[] {
  const named = PHASES.map((part) => ({ part, ms: phases[part] }));
  const spent = named.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  return [...named, { part: "rest", ms: Math.max(0, durationMs - spent) }];
}
