import type { Statement } from "./trace";

/** A statement that is worth no word, but for what is said of it. */
export function aStatement(unlike: Partial<Statement> = {}): Statement {
  return {
    sql: "SELECT 1",
    kind: "read",
    server: "primary",
    fields: [{ path: "posts", parents: 1 }],
    keys: null,
    startMs: 0,
    durationMs: 1,
    rows: 1,
    error: null,
    explain: null,
    ...unlike,
  };
}
