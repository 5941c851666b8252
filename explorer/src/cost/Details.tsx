import { Code } from "./Code";
import { Copy } from "./Copy";
import { Plan } from "./Plan";
import type { Statement } from "./trace";
import { allSenders } from "./words";

interface Props {
  statement: Statement;
  authorization: string | null;
}

/** What a statement said, where it went, and what the database makes of it. */
export function Details({ statement, authorization }: Props) {
  return (
    <div className="cost-details">
      <p>
        {statement.kind}, on {statement.server}
      </p>
      {statement.error !== null && <p className="cost-failed">{statement.error}</p>}
      <Code label="SQL" text={statement.sql} />
      <div className="cost-actions">
        <Copy text={statement.sql} />
        {statement.explain !== null && <Plan handle={statement.explain} authorization={authorization} />}
      </div>
      {statement.fields.length > 0 && <p>For {allSenders(statement)}</p>}
    </div>
  );
}
