import { counted } from "../counted";
import type { Statement } from "./trace";

const LIST = new Intl.ListFormat("en");
const NAMED = 3; // fields, before the others are only counted

/** "0.42 ms", "4.2 ms", "42 ms": two digits that matter, or all before the point. */
export function milliseconds(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 10 ? 1 : 0;
  return `${ms.toLocaleString("en", { maximumFractionDigits: digits })} ms`;
}

/** Who sent these statements: "posts", "a, b, c, and 47 more"; null if it was no field. */
export function senders(statements: Statement[]): string | null {
  const paths = [...new Set(statements.flatMap(({ fields }) => fields.map(({ path }) => path)))];
  if (paths.length > 0) return LIST.format(shortened(paths));
  return statements.every(({ kind }) => kind === "transaction") ? "The transaction" : null;
}

/** All fields that asked for a statement, each with the number of its parents. */
export function allSenders({ fields }: Statement): string {
  return LIST.format(fields.map(({ path, parents }) => `${path} (${counted(parents, "parent")})`));
}

/** "60 parents, 37 keys, one statement"; null if it was for one parent, or no batch. */
export function batch({ fields, keys }: Statement): string | null {
  const parents = fields.reduce((sum, field) => sum + field.parents, 0);
  if (keys === null || parents < 2) return null;
  return `${counted(parents, "parent")}, ${counted(keys, "key")}, one statement`;
}

function shortened(items: string[]): string[] {
  if (items.length <= NAMED) return items;
  return [...items.slice(0, NAMED), `${(items.length - NAMED).toLocaleString("en")} more`];
}
