import { useState } from "react";

import { type Axis, axisOf, position } from "./axis";
import { about, type Finding } from "./findings";
import { Row } from "./Row";
import type { Statement, Trace } from "./trace";

const MOST_ROWS = 200;

/** A row for each statement, in the order they were sent, on a common axis. */
export function Timeline({ trace, findings, token }: { trace: Trace; findings: Finding[]; token: string | null }) {
  const [open, setOpen] = useState<ReadonlySet<Statement>>(new Set());
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
              {...{ statement, axis, token }}
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
