import { counted } from "../counted";
import type { Statement, Trace } from "./trace";
import { milliseconds, senders } from "./words";

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

/** Statements of one text, whichever fields they are from: an alias is a field of its own. */
function alike(all: Statement[]): Statement[][] {
  const groups = new Map<string, Statement[]>();
  for (const statement of all) {
    const group = groups.get(statement.sql);
    if (group) group.push(statement);
    else groups.set(statement.sql, [statement]);
  }
  return [...groups.values()];
}

function failure(group: Statement[]): Finding[] {
  const statements = group.filter(({ error }) => error !== null);
  if (statements.length === 0) return [];
  const failed = counted(statements.length, "statement");
  const who = senders(statements);
  const what = who === null ? `${failed} outside of any field failed` : `${who} sent ${failed} that failed`;
  const sentence = `${what}: see below why.`;
  return [{ kind: "failed", label: "failed", sentence, statements }];
}

function repetition(statements: Statement[]): Finding[] {
  const [first] = statements;
  if (!first || first.kind === "transaction" || statements.length < REPEATED_FROM) return [];
  const times = counted(statements.length, "time");
  const remedy = first.kind === "read" ? "load" : "write";
  const who = senders(statements);
  const sentence =
    who === null
      ? `The same statement was sent ${times} outside of any field.`
      : `${who} sent the same statement ${times}: ${remedy} it in a batch.`;
  return [{ kind: "repeated", label: `sent ${times}`, sentence, statements }];
}

function isSlow({ durationMs }: Statement, trace: Trace): boolean {
  return durationMs > SLOW_FROM_MS && durationMs > trace.durationMs / 2;
}

function slowness(statement: Statement): Finding {
  const took = `${milliseconds(statement.durationMs)}, more than half of the whole time`;
  const who = senders([statement]);
  const sentence =
    who === null ? `A statement outside of any field was slow: ${took}.` : `${who} sent a slow statement: ${took}.`;
  return { kind: "slow", label: "slow", sentence, statements: [statement] };
}
