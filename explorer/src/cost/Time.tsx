import { type Share, shares } from "./shares";
import type { Trace } from "./trace";
import { milliseconds } from "./words";

const NAMES: Record<Share["part"], string> = {
  parse: "Parse",
  validate: "Validate",
  plan: "Plan",
  execute: "Execute",
  sql: "SQL",
  encode: "Encode",
  rest: "The rest",
};

/** Where the time went: one bar of all parts, and each part's share in words. */
export function Time({ trace }: { trace: Trace }) {
  const parts = shares(trace);
  return (
    <section>
      <h3>Time in the server</h3>
      <div className="cost-shares" aria-hidden="true">
        {parts.map(({ part, ms }) => ms !== null && <span key={part} className={`cost-${part}`} style={{ flexGrow: ms }} />)}
      </div>
      <ul className="cost-legend">
        {parts.map(({ part, ms }) => (
          <li key={part}>
            <span className={`cost-swatch cost-${part}`} aria-hidden="true" />
            {NAMES[part]} <b>{ms === null ? "–" : milliseconds(ms)}</b>
          </li>
        ))}
      </ul>
      {parts.some(({ ms }) => ms === null) && <p>–: not needed, or not come to</p>}
    </section>
  );
}
