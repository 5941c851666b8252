import type { GraphiQLPlugin } from "@graphiql/react";

import { Panel } from "./Panel";

export const COST_PLUGIN: GraphiQLPlugin = { title: "Cost", icon: Icon, content: Panel };

/** Three bars of a timeline. */
function Icon() {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
      <path d="M2 3h6M5 8h9M8 13h4" />
    </svg>
  );
}
