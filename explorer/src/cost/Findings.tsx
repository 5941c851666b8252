import type { Finding } from "./findings";

const SYMBOLS = { failed: "✕", repeated: "↻", slow: "▲" };

/** What is worth a look, as sentences. */
export function Findings({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return <p>No repeated and no slow statements.</p>;
  return (
    <ul className="cost-findings" aria-label="Findings">
      {findings.map((finding, index) => (
        <li key={index} className={`cost-${finding.kind}`}>
          <Sign kind={finding.kind} /> {finding.sentence}
        </li>
      ))}
    </ul>
  );
}

/** A finding in a word, beside the statement it is about. */
export function Mark({ finding }: { finding: Finding }) {
  return (
    <span className={`cost-mark cost-${finding.kind}`}>
      <Sign kind={finding.kind} /> {finding.label}
    </span>
  );
}

function Sign({ kind }: { kind: Finding["kind"] }) {
  return <span aria-hidden="true">{SYMBOLS[kind]}</span>;
}
