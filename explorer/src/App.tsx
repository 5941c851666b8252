import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import type { GraphiQLPlugin } from "@graphiql/react";
import { GraphiQL } from "graphiql";

import { ACCOUNT_PLUGIN } from "./account/plugin";
import { COST_PLUGIN } from "./cost/plugin";
import { EXAMPLES } from "./examples";
import { fetcher } from "./fetcher";
import { EditorOptions } from "./EditorOptions";
import { MAP_PLUGIN } from "./map/plugin";
import { createStorage } from "./storage";
import { tracing } from "./tracing";

const PLUGINS: GraphiQLPlugin[] = [
  HISTORY_PLUGIN,
  ACCOUNT_PLUGIN,
  ...(tracing() ? [COST_PLUGIN] : []),
  MAP_PLUGIN,
];
const STORAGE = createStorage();

export function App() {
  return (
    <GraphiQL
      fetcher={fetcher}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      plugins={PLUGINS}
      defaultTabs={EXAMPLES}
      defaultQuery=""
      storage={STORAGE}
      defaultEditorToolsVisibility
    >
      <GraphiQL.Logo>
        <h1>Inkwell</h1>
      </GraphiQL.Logo>
      <EditorOptions />
    </GraphiQL>
  );
}
