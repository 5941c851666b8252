import { expect, test } from "vitest";

import { axisOf, placed } from "./axis";
import { aStatement } from "./given.test-data";

const PHASES = { parse: 0, validate: 0, plan: 0, execute: 0, sql: 0, encode: 0 };

test.each([
  [49, [0, 10, 20, 30, 40]],
  [5, [0, 1, 2, 3, 4]],
  [1200, [0, 500, 1000]],
  [0, [0]],
])("an axis of %d ms has few ticks, all round, with room for their labels", (durationMs, ticks) => {
  expect(axisOf({ durationMs, phases: PHASES, statements: [] })).toEqual({ endMs: durationMs, ticks });
});

test("a statement that outlives the request still has its place", () => {
  const statement = aStatement({ startMs: 10, durationMs: 30 });

  const axis = axisOf({ durationMs: 20, phases: PHASES, statements: [statement] });

  expect(placed(statement, axis)).toEqual({ left: "25.00%", width: "75.00%" });
});
