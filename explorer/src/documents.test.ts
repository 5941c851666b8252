import { expect, it } from "vitest";

import { operationIn } from "./documents";

const TWO = "query First { a } query Second { b }";

it("is the one that was chosen", () => {
  expect(operationIn(TWO, "Second")).toBe("Second");
});

it("is the only one, if the one chosen is gone", () => {
  expect(operationIn("query Feed { a }", "Gone")).toBe("Feed");
  expect(operationIn("{ a }", "Gone")).toBeNull();
});

it("is for the server to refuse, if the one chosen is gone from among several", () => {
  expect(operationIn(TWO, "Gone")).toBe("Gone");
});

it("is for the server to refuse, if the document can't be read", () => {
  expect(operationIn("query {", "Feed")).toBe("Feed");
});
