import { expect, it } from "vitest";

import { isMutation, keysOf, operationIn } from "./documents";

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

it("is known to be a mutation", () => {
  const both = "query Read { a } mutation Write { b }";

  expect(isMutation(both, "Write")).toBe(true);
  expect(isMutation(both, "Read")).toBe(false);
  expect(isMutation("mutation {", null)).toBe(false);
});

it("is looked through for a field, with its aliases and its fragments alone", () => {
  const document = `
    mutation Leave { signOut gone: signOut ...More }
    mutation Other { other: signOut }
    fragment More on Mutation { more: signOut }
  `;

  expect(keysOf("signOut", document, "Leave")).toEqual(["signOut", "gone", "more"]);
  expect(keysOf("signOut", document, "Nothing")).toEqual([]);
});
