import { useEffect, useState } from "react";

const SHOWN_MS = 3000;

/** A button that copies a text, and says what came of it; none where the browser lets no page copy. */
export function Copy({ text }: { text: string }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(setOutcome, SHOWN_MS, null);
    return () => {
      clearTimeout(timer);
    };
  }, [outcome]);
  if (!("clipboard" in navigator)) return null;
  const copy = async () => {
    setOutcome(await copied(text));
  };
  return (
    <button type="button" className="graphiql-button" aria-live="polite" onClick={() => void copy()}>
      {outcome ?? "Copy"}
    </button>
  );
}

async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    return "The browser refused to copy";
  }
}
