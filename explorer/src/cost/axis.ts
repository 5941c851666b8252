import type { Statement, Trace } from "./trace";

const MOST_TICKS = 5;
const LAST_TICK = 0.85; // of the axis: one nearer to its end has no room for its label

/** The milliseconds that a timeline shows, from 0 to its end. */
export interface Axis {
  endMs: number;
  ticks: number[];
}

/** An axis with room for the request and each statement, and a few round ticks. */
export function axisOf({ durationMs, statements }: Trace): Axis {
  const endMs = Math.max(durationMs, ...statements.map((it) => it.startMs + it.durationMs));
  const step = roundStep(endMs / MOST_TICKS);
  const count = step > 0 ? Math.floor((endMs * LAST_TICK) / step) + 1 : 1;
  return { endMs, ticks: Array.from({ length: count }, (_, index) => index * step) };
}

/** The next of 1, 2, 5, 10, 20, 50 … that is not below. */
function roundStep(least: number): number {
  if (least <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((digit) => digit * power >= least) ?? 10);
}

/** Where a moment stands on the axis, as CSS takes it. */
export function position(ms: number, { endMs }: Axis): string {
  return endMs > 0 ? `${((100 * ms) / endMs).toFixed(2)}%` : "0%";
}

/** Where a statement's bar stands. */
export function placed({ startMs, durationMs }: Statement, axis: Axis) {
  return { left: position(startMs, axis), width: position(durationMs, axis) };
}
