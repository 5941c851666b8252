/** What an operation asked the server for, before it ran. */
export interface Cost {
  requested: number;
  limit: number;
}

/** How the server spent its time on one request. */
export interface Trace {
  durationMs: number;
  phases: Phases;
  /** In the order they were sent. */
  statements: Statement[];
}

/** Milliseconds that exclude each other: `execute` is without `sql`; null was not needed, or not come to. */
export interface Phases {
  parse: number | null;
  validate: number | null;
  plan: number | null;
  execute: number;
  sql: number;
  encode: number;
}

export interface Statement {
  sql: string;
  /** A transaction's are BEGIN, COMMIT, SAVEPOINT and the like. */
  kind: "read" | "write" | "transaction";
  /** "primary", or "replica 1". */
  server: string;
  /** Who asked, and for how many parents; none where the server can not tell, or it was for no field. */
  fields: { path: string; parents: number }[];
  /** How many different keys one batch loaded; null if it was no batch. */
  keys: number | null;
  /** Since the request's begin. */
  startMs: number;
  durationMs: number;
  /** That came back or were hit. */
  rows: number;
  error: string | null;
  /** What EXPLAIN takes; only a SELECT has one. */
  explain: string | null;
}
