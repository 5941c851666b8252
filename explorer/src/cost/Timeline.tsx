import { useState } from "react";

import { type Axis, axisOf, position } from "./axis";
import { about, type Finding } from "./findings";
import { Row } from "./Row";
import type { Statement, Trace } from "./trace";

const MOST_ROWS = 200;
const NONE: ReadonlySet<Statement> = new Set();

interface Props {
  trace: Trace;
  findings: Finding[];
  authorization: string | null;
}

/** A row for each statement, in the order they were sent, on a common axis. */
export function Timeline({ trace, findings, authorization }: Props) {
  const [open, setOpen] = useOpened(trace);
  const axis = axisOf(trace);
  const rows = trace.statements.slice(0, MOST_ROWS);
  return (
    <section>
      <h3>Statements</h3>
      {trace.statements.length > rows.length && (
        <p>
          The first {rows.length} of {trace.statements.length.toLocaleString("en")}.
        </p>
      )}
      <div className="cost-timeline">
        <Ticks axis={axis} />
        <ol>
          {rows.map((statement, index) => (
            <Row
              key={index}
              {...{ statement, axis, authorization }}
              findings={about(statement, findings)}
              isOpen={open.has(statement)}
              onToggle={() => {
                setOpen(toggled(open, statement));
              }}
            />
          ))}
        </ol>
      </div>
    </section>
  );
}

/** The statements whose rows are open, of this trace. */
function useOpened(trace: Trace) {
  const [opened, setOpened] = useState({ trace, statements: NONE });
  const set = (statements: ReadonlySet<Statement>) => {
    setOpened({ trace, statements });
  };
  return [opened.trace === trace ? opened.statements : NONE, set] as const;
}

function Ticks({ axis }: { axis: Axis }) {
  return (
    <div className="cost-ticks" aria-hidden="true">
      <div>
        {axis.ticks.map((ms) => (
          <span key={ms} style={{ left: position(ms, axis) }}>
            {ms === 0 ? "0 ms" : ms.toLocaleString("en")}
          </span>
        ))}
      </div>
    </div>
  );
}

function toggled<T>(items: ReadonlySet<T>, item: T): Set<T> {
  const next = new Set(items);
  if (!next.delete(item)) next.add(item);
  return next;
}
