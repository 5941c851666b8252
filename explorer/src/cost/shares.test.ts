import { expect, test } from "vitest";

import { shares } from "./shares";

const PHASES = { parse: 1, validate: 2, plan: 3, execute: 4, sql: 5, encode: 6 };

test("the parts of the time add up to the whole", () => {
  const parts = shares({ durationMs: 30, phases: PHASES, statements: [] });

  expect(parts.at(-1)).toEqual({ part: "rest", ms: 9 });
  expect(parts.reduce((sum, { ms }) => sum + (ms ?? 0), 0)).toBe(30);
});

test("a phase that was not needed takes no time, and stays null", () => {
  const parts = shares({ durationMs: 30, phases: { ...PHASES, parse: null }, statements: [] });

  expect(parts[0]).toEqual({ part: "parse", ms: null });
  expect(parts.at(-1)).toEqual({ part: "rest", ms: 10 });
});

test("phases that were rounded above the whole leave no rest below zero", () => {
  const parts = shares({ durationMs: 20.9, phases: PHASES, statements: [] });

  expect(parts.at(-1)).toEqual({ part: "rest", ms: 0 });
});
