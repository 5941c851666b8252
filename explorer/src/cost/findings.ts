import type { Statement, Trace } from "./trace";
import { counted, milliseconds, sender } from "./words";

/** What is worth a look: a sentence about statements, and a label for each of them. */
export interface Finding {
  kind: "failed" | "repeated" | "slow";
  label: string;
  sentence: string;
  statements: Statement[];
}

const REPEATED_FROM = 3;
const SLOW_FROM_MS = 20;

/** All findings of a trace, the worst kind first. */
export function findings(trace: Trace): Finding[] {
  const failed = trace.statements.filter(({ error }) => error !== null).map(failure);
  const slow = trace.statements.filter((statement) => isSlow(statement, trace)).map(slowness);
  return [...failed, ...repetitions(trace.statements), ...slow];
}

/** The findings that are about this statement, among others. */
export function about(statement: Statement, all: Finding[]): Finding[] {
  return all.filter(({ statements }) => statements.includes(statement));
}

function failure(statement: Statement): Finding {
  const sentence = `${sender(statement)} sent a statement that failed: its row says why.`;
  return { kind: "failed", label: "failed", sentence, statements: [statement] };
}

/** One for each text that the same fields sent again and again. */
function repetitions(all: Statement[]): Finding[] {
  const queries = all.filter(({ kind }) => kind !== "transaction");
  return alike(queries).flatMap((group) => {
    const [first] = group;
    return first && group.length >= REPEATED_FROM ? [repetition(first, group)] : [];
  });
}

function alike(statements: Statement[]): Statement[][] {
  const groups = new Map<string, Statement[]>();
  for (const statement of statements) {
    const key = `${sender(statement)}\n${statement.sql}`;
    const group = groups.get(key);
    if (group) group.push(statement);
    else groups.set(key, [statement]);
  }
  return [...groups.values()];
}

function repetition(first: Statement, statements: Statement[]): Finding {
  const times = counted(statements.length, "time");
  const remedy = first.kind === "read" ? "load" : "write";
  const sentence = `${sender(first)} sent the same statement ${times}: ${remedy} it in a batch.`;
  return { kind: "repeated", label: `sent ${times}`, sentence, statements };
}

function isSlow({ durationMs }: Statement, trace: Trace): boolean {
  return durationMs > SLOW_FROM_MS && durationMs > trace.durationMs / 2;
}

function slowness(statement: Statement): Finding {
  const took = milliseconds(statement.durationMs);
  const sentence = `${sender(statement)} sent a slow statement: ${took}, more than half of the whole time.`;
  return { kind: "slow", label: "slow", sentence, statements: [statement] };
}
