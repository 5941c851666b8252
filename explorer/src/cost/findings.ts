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
  const groups = alike(trace.statements);
  const slow = trace.statements.filter((statement) => isSlow(statement, trace));
  return [...groups.flatMap(failure), ...groups.flatMap(repetition), ...slow.map(slowness)];
}

/** The findings that are about this statement, among others. */
export function about(statement: Statement, all: Finding[]): Finding[] {
  return all.filter(({ statements }) => statements.includes(statement));
}

/** Statements of one text, from the same fields. */
function alike(all: Statement[]): Statement[][] {
  const groups = new Map<string, Statement[]>();
  for (const statement of all) {
    const key = `${sender(statement)}\n${statement.sql}`;
    const group = groups.get(key);
    if (group) group.push(statement);
    else groups.set(key, [statement]);
  }
  return [...groups.values()];
}

function failure(group: Statement[]): Finding[] {
  const statements = group.filter(({ error }) => error !== null);
  const [first] = statements;
  if (!first) return [];
  const sentence = `${sender(first)} sent ${counted(statements.length, "statement")} that failed: see below why.`;
  return [{ kind: "failed", label: "failed", sentence, statements }];
}

function repetition(statements: Statement[]): Finding[] {
  const [first] = statements;
  if (!first || first.kind === "transaction" || statements.length < REPEATED_FROM) return [];
  const times = counted(statements.length, "time");
  const remedy = first.kind === "read" ? "load" : "write";
  const sentence = `${sender(first)} sent the same statement ${times}: ${remedy} it in a batch.`;
  return [{ kind: "repeated", label: `sent ${times}`, sentence, statements }];
}

function isSlow({ durationMs }: Statement, trace: Trace): boolean {
  return durationMs > SLOW_FROM_MS && durationMs > trace.durationMs / 2;
}

function slowness(statement: Statement): Finding {
  const took = milliseconds(statement.durationMs);
  const sentence = `${sender(statement)} sent a slow statement: ${took}, more than half of the whole time.`;
  return { kind: "slow", label: "slow", sentence, statements: [statement] };
}
