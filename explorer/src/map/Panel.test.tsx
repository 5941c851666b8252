import { buildSchema, type GraphQLSchema } from "graphql";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, test, vi } from "vitest";

import { Panel } from "./Panel";

const graphiql = vi.hoisted(() => ({
  state: {} as { schema: GraphQLSchema | null; queryEditor: object | undefined },
}));

vi.mock("@graphiql/react", () => ({
  useGraphiQL: (select: (state: unknown) => unknown) => select(graphiql.state),
}));
vi.mock("./LargeMap", () => ({ LargeMap: () => "boxes and arrows" }));
vi.mock("./TypeList", () => ({ TypeList: () => "the list" }));

const SCHEMA = buildSchema("type Query { name: String }");

let panel: HTMLElement;
let show: () => void;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  panel = document.createElement("div");
  const root = createRoot(panel);
  show = () => {
    act(() => {
      root.render(<Panel />);
    });
  };
});

test("the picture opens with the panel, which somebody opened", () => {
  graphiql.state = { schema: SCHEMA, queryEditor: {} };
  show();

  expect(panel.textContent).toContain("boxes and arrows");
});

test.each([
  ["the page", { schema: null, queryEditor: undefined }],
  ["the schema", { schema: null, queryEditor: {} }],
])("the picture does not open by itself when %s is there at last", (_, before) => {
  graphiql.state = before;
  show();
  graphiql.state = { schema: SCHEMA, queryEditor: {} };
  show();
  expect(panel.textContent).not.toContain("boxes and arrows");

  act(() => {
    panel.querySelector("button")?.click();
  });
  expect(panel.textContent).toContain("boxes and arrows");
});
