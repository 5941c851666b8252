import { expect, test } from "vitest";

import { counted } from "../counted";
import { aStatement } from "./given.test-data";
import { allSenders, batch, milliseconds, senders } from "./words";

test.each([
  [0.4231, "0.42 ms"],
  [4.231, "4.2 ms"],
  [1234.5, "1,235 ms"],
])("%d ms reads %s", (ms, words) => {
  expect(milliseconds(ms)).toBe(words);
});

test("one is singular", () => {
  expect([0, 1, 1200].map((count) => counted(count, "row"))).toEqual(["0 rows", "1 row", "1,200 rows"]);
});

test("a batch counts the parents of all its fields", () => {
  const fields = [
    { path: "posts.nodes.author", parents: 40 },
    { path: "comments.nodes.author", parents: 20 },
  ];

  expect(batch(aStatement({ fields, keys: 37 }))).toBe("60 parents, 37 keys, one statement");
  expect(batch(aStatement({ keys: 1 }))).toBeNull();
  expect(batch(aStatement({ fields, keys: null }))).toBeNull();
});

test("a statement without fields names none", () => {
  expect(senders([aStatement({ fields: [] })])).toBeNull();
  expect(senders([aStatement({ fields: [], kind: "transaction" })])).toBe("The transaction");
});

test("of many fields a few are named, and all where there is room", () => {
  const fields = Array.from({ length: 50 }, (_, index) => ({ path: `a${index.toString()}`, parents: 1 }));
  const statement = aStatement({ fields });

  expect(senders([statement, statement])).toBe("a0, a1, a2, and 47 more");
  expect(allSenders(statement)).toMatch(/^a0 \(1 parent\), a1 .* and a49 \(1 parent\)$/);
});
