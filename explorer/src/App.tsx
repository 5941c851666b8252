import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import type { GraphiQLPlugin } from "@graphiql/react";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";

const fetcher = createGraphiQLFetcher({ url: location.pathname });
const PLUGINS: GraphiQLPlugin[] = [HISTORY_PLUGIN];

export function App() {
  return <GraphiQL fetcher={fetcher} referencePlugin={DOC_EXPLORER_PLUGIN} plugins={PLUGINS} />;
}
