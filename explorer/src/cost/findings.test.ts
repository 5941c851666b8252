import { expect, test } from "vitest";

import { about, findings } from "./findings";
import { aStatement } from "./given.test-data";
import type { Statement, Trace } from "./trace";

const AUTHOR = { fields: [{ path: "posts.nodes.author", parents: 1 }] };

function traced(statements: Statement[], durationMs = 100): Trace {
  const phases = { parse: 0, validate: 0, plan: 0, execute: 0, sql: 0, encode: 0 };
  return { durationMs, phases, statements };
}

test("a field that sends one statement many times is told to batch it", () => {
  const authors = Array.from({ length: 20 }, () => aStatement(AUTHOR));

  const found = findings(traced([aStatement({ sql: "SELECT 2" }), ...authors]));

  expect(found.map(({ sentence }) => sentence)).toEqual([
    "posts.nodes.author sent the same statement 20 times: load it in a batch.",
  ]);
  expect(found[0]?.statements).toEqual(authors);
});

test("writes are batched by writing", () => {
  const found = findings(traced(Array.from({ length: 3 }, () => aStatement({ kind: "write" }))));

  expect(found[0]?.sentence).toContain("write it in a batch");
});

test("the same statement from as many aliases is told with the first of them", () => {
  const aliases = Array.from({ length: 50 }, (_, index) =>
    aStatement({ fields: [{ path: `a${index.toString()}`, parents: 1 }] }),
  );

  expect(findings(traced(aliases)).map(({ sentence }) => sentence)).toEqual([
    "a0, a1, a2, and 47 more sent the same statement 50 times: load it in a batch.",
  ]);
});

test("no advice is given about what no field sent", () => {
  const slow = aStatement({ fields: [], durationMs: 90 });
  const others = Array.from({ length: 2 }, () => aStatement({ fields: [], error: "no such table" }));

  expect(findings(traced([slow, ...others])).map(({ sentence }) => sentence)).toEqual([
    "2 statements outside of any field failed: see below why.",
    "The same statement was sent 3 times outside of any field.",
    "A statement outside of any field was slow: 90 ms, more than half of the whole time.",
  ]);
});

test("other statements, two alike, and savepoints are no repetition", () => {
  const others = ["1", "2", "3"].map((one) => aStatement({ sql: `SELECT ${one}` }));
  const savepoints = others.map(() => aStatement({ kind: "transaction", sql: "SAVEPOINT one" }));

  expect(findings(traced([...others, aStatement({ sql: "SELECT 1" }), ...savepoints]))).toEqual([]);
});

test("a statement is slow if it takes long and more than half of the time", () => {
  const slow = aStatement({ durationMs: 60 });
  const quick = aStatement({ durationMs: 19 });

  expect(findings(traced([slow])).map(({ sentence }) => sentence)).toEqual([
    "posts sent a slow statement: 60 ms, more than half of the whole time.",
  ]);
  expect(findings(traced([slow], 200))).toEqual([]);
  expect(findings(traced([quick], 20))).toEqual([]);
});

test("a statement that failed is found first, and by its row", () => {
  const failed = aStatement({ error: "deadlock", durationMs: 90 });

  const found = findings(traced([aStatement({ sql: "SELECT 2" }), failed]));

  expect(found.map(({ kind }) => kind)).toEqual(["failed", "slow"]);
  expect(about(failed, found)).toEqual(found);
});

test("what failed again and again is said once", () => {
  const failed = Array.from({ length: 60 }, () => aStatement({ error: "no such table" }));

  expect(findings(traced(failed)).map(({ sentence }) => sentence)).toEqual([
    "posts sent 60 statements that failed: see below why.",
    "posts sent the same statement 60 times: load it in a batch.",
  ]);
});
