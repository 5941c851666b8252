import type { ComponentProps } from "react";

import { useSession } from "../session";

/** A person; with a full dot if somebody is signed in, and a ring if a session is on offer. */
export function AccountIcon(props: ComponentProps<"svg">) {
  const { token, offer } = useSession();
  const dot = token === null ? "none" : "var(--account-dot)";
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <circle cx="11" cy="8" r="4" />
      <path d="M3.5 21c0-4.2 3.3-7 7.5-7s7.5 2.8 7.5 7" strokeLinecap="round" />
      {(token !== null || offer !== null) && (
        <circle cx="19" cy="5" r="3.2" fill={dot} stroke="var(--account-dot)" />
      )}
    </svg>
  );
}
