import { useState } from "react";

/** A button that copies a text, and says so; none where the browser lets no page copy. */
export function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  if (!("clipboard" in navigator)) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" className="graphiql-button" aria-live="polite" onClick={() => void copy()}>
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
