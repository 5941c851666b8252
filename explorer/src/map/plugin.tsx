import type { GraphiQLPlugin } from "@graphiql/react";

import { Panel } from "./Panel";

export const MAP_PLUGIN: GraphiQLPlugin = { title: "Schema map", icon: Icon, content: Panel };

/** Boxes that lead to each other. */
function Icon() {
  return (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M1 5.5h5v5H1zM10 1h5v5h-5zM10 10h5v5h-5zM6 7l4-3M6 9l4 3" />
    </svg>
  );
}
