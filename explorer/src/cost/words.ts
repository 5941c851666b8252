import type { Statement } from "./trace";

const LIST = new Intl.ListFormat("en");

/** "0.42 ms", "4.2 ms", "42 ms": two digits that matter, or all before the point. */
export function milliseconds(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 10 ? 1 : 0;
  return `${ms.toLocaleString("en", { maximumFractionDigits: digits })} ms`;
}

/** "1 row", "1,200 rows". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Who sent a statement: the paths of its fields, or what else it was for. */
export function sender({ fields, kind }: Statement): string {
  if (fields.length > 0) return LIST.format(fields.map(({ path }) => path));
  return kind === "transaction" ? "The transaction" : "The look-up of the session";
}

/** "60 parents, 37 keys, one statement"; null if it was for one parent, or no batch. */
export function batch({ fields, keys }: Statement): string | null {
  const parents = fields.reduce((sum, field) => sum + field.parents, 0);
  if (keys === null || parents < 2) return null;
  return `${counted(parents, "parent")}, ${counted(keys, "key")}, one statement`;
}
