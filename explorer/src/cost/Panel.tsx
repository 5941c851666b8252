import "./cost.css";

import { useLastRun } from "../runs";
import { findings } from "./findings";
import { Findings } from "./Findings";
import { Head } from "./Head";
import { Time } from "./Time";
import { Timeline } from "./Timeline";
import type { Trace } from "./trace";

/** What the last operation cost the server, and where that went. */
export function Panel() {
  const run = useLastRun();
  if (run === null) return <p>Run an operation: what it costs the server shows here.</p>;
  return (
    <div className="cost">
      <Head run={run} />
      {run.trace === null ? <Untraced /> : <Report trace={run.trace} token={run.token} />}
    </div>
  );
}

function Report({ trace, token }: { trace: Trace; token: string | null }) {
  const found = findings(trace);
  return (
    <>
      <Findings findings={found} />
      <Time trace={trace} />
      <Timeline trace={trace} findings={found} token={token} />
    </>
  );
}

function Untraced() {
  return (
    <p>
      The server sent no trace with this answer. It traces what reads or writes data, and only in development: run
      such an operation there.
    </p>
  );
}
