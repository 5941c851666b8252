import type { Run } from "../runs";
import type { Cost, Trace } from "./trace";
import { milliseconds } from "./words";

/** The operation that ran, and its numbers. */
export function Head({ run }: { run: Run }) {
  const { cost = null, trace = null } = run.measures ?? {};
  return (
    <header>
      <h2>{run.operationName ?? "Operation without a name"}</h2>
      <dl className="cost-numbers">
        {trace && <Figure name="In the server" value={milliseconds(trace.durationMs)} />}
        <Figure name="Round trip" value={milliseconds(run.roundTripMs)} />
        {trace && <Statements trace={trace} />}
      </dl>
      {cost && <Requested cost={cost} />}
    </header>
  );
}

function Statements({ trace: { statements } }: { trace: Trace }) {
  const rows = statements.reduce((sum, statement) => sum + statement.rows, 0);
  return (
    <>
      <Figure name="Statements" value={statements.length.toLocaleString("en")} />
      <Figure name="Rows" value={rows.toLocaleString("en")} />
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Requested({ cost: { requested, limit } }: { cost: Cost }) {
  return (
    <label className="cost-requested">
      Requested cost: {requested.toLocaleString("en")} of {limit.toLocaleString("en")}
      <meter max={limit} value={requested} />
    </label>
  );
}
