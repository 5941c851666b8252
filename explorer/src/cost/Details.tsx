import { Code } from "./Code";
import { Copy } from "./Copy";
import { Plan } from "./Plan";
import type { Statement } from "./trace";

/** What a statement said, where it went, and what the database makes of it. */
export function Details({ statement, token }: { statement: Statement; token: string | null }) {
  return (
    <div className="cost-details">
      <p>
        {statement.kind}, on {statement.server}
      </p>
      {statement.error !== null && <p className="cost-failed">{statement.error}</p>}
      <Code label="SQL" text={statement.sql} />
      <div className="cost-actions">
        <Copy text={statement.sql} />
        {statement.explain !== null && <Plan handle={statement.explain} token={token} />}
      </div>
    </div>
  );
}
