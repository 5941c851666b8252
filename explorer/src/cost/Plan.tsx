import { useEffect, useRef, useState } from "react";

import { Code } from "./Code";
import { type Explained, explain } from "./explain";

interface Props {
  handle: string;
  authorization: string | null;
}

/** A button that asks for a statement's plan, and the plan or why there is none. */
export function Plan({ handle, authorization }: Props) {
  const [explained, setExplained] = useState<Explained | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    answer.current?.scrollIntoView({ block: "nearest" });
  }, [explained]);
  const ask = async () => {
    if (isAsking) return;
    setIsAsking(true);
    setExplained(await explain(handle, authorization));
    setIsAsking(false);
  };
  return (
    <>
      {/* disabled in name alone, or the focus would be lost */}
      <button type="button" className="graphiql-button" aria-disabled={isAsking} onClick={() => void ask()}>
        EXPLAIN
      </button>
      <div ref={answer} className="cost-explained" role="status">
        {isAsking ? "Asking …" : explained && <Answer explained={explained} />}
      </div>
    </>
  );
}

function Answer({ explained }: { explained: Explained }) {
  return "plan" in explained ? <Code label="Plan" text={explained.plan} /> : explained.failure;
}
