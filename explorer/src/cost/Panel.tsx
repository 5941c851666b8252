import "./cost.css";

import { type Run, useLastRun } from "../runs";
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
      <Costs {...run} />
    </div>
  );
}

function Costs({ measures, authorization }: Run) {
  if (measures === null) return <p>There was no answer: the response says why.</p>;
  if (measures.trace === null) return <Untraced />;
  return <Report trace={measures.trace} authorization={authorization} />;
}

function Report({ trace, authorization }: { trace: Trace; authorization: string | null }) {
  const found = findings(trace);
  return (
    <>
      <Findings findings={found} />
      <Time trace={trace} />
      <Timeline trace={trace} findings={found} authorization={authorization} />
    </>
  );
}

function Untraced() {
  return (
    <p>
      The answer has no trace. The server traces in development only: it may have been started in another way since
      this page was loaded, or something before it answered in its place.
    </p>
  );
}
