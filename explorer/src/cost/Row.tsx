import { useId } from "react";

import { counted } from "../counted";
import { type Axis, placed } from "./axis";
import { Details } from "./Details";
import { Mark } from "./Findings";
import type { Finding } from "./findings";
import type { Statement } from "./trace";
import { batch, milliseconds, senders } from "./words";

interface Props {
  statement: Statement;
  axis: Axis;
  findings: Finding[];
  authorization: string | null;
  isOpen: boolean;
  onToggle: () => void;
}

/** A statement on the timeline, which opens to show the rest of it. */
export function Row({ statement, axis, findings, authorization, isOpen, onToggle }: Props) {
  const details = useId();
  return (
    <li>
      <button type="button" className="cost-row" aria-expanded={isOpen} aria-controls={details} onClick={onToggle}>
        <span className="cost-sender">{senders([statement]) ?? "Outside of any field"}</span>{" "}
        <Facts statement={statement} findings={findings} />
        <span className="cost-track" aria-hidden="true">
          <span className={`cost-bar cost-${findings[0]?.kind ?? "plain"}`} style={placed(statement, axis)} />
        </span>
      </button>
      <div id={details} hidden={!isOpen}>
        {isOpen && <Details statement={statement} authorization={authorization} />}
      </div>
    </li>
  );
}

function Facts({ statement, findings }: Pick<Props, "statement" | "findings">) {
  const facts = [milliseconds(statement.durationMs), counted(statement.rows, "row"), batch(statement)];
  return (
    <span className="cost-facts">
      {facts.filter((fact) => fact !== null).join(", ")}{" "}
      {findings.map((finding, index) => (
        <Mark key={index} finding={finding} />
      ))}
    </span>
  );
}
