import { useEffect, useRef, useState } from "react";

import { Code } from "./Code";
import { type Explained, explain } from "./explain";

/** A button that asks for a statement's plan, and the plan or why there is none. */
export function Plan({ handle, token }: { handle: string; token: string | null }) {
  const [explained, setExplained] = useState<Explained | null>(null);
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    answer.current?.scrollIntoView({ block: "nearest" });
  }, [explained]);
  const ask = async () => {
    setExplained(await explain(handle, token));
  };
  return (
    <>
      <button type="button" className="graphiql-button" onClick={() => void ask()}>
        EXPLAIN
      </button>
      <div ref={answer} className="cost-explained" role="status">
        {explained && ("plan" in explained ? <Code label="Plan" text={explained.plan} /> : explained.failure)}
      </div>
    </>
  );
}
