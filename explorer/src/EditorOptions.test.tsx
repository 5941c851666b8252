import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, it, vi } from "vitest";

import { EditorOptions } from "./EditorOptions";

const graphiql = vi.hoisted(() => ({
  state: { tabs: [{ id: "one" }, { id: "two" }], activeTabIndex: 0, query: "" },
  actions: { stop: vi.fn() },
}));

vi.mock("@graphiql/react", () => ({
  useGraphiQL: (select: (state: unknown) => unknown) => select(graphiql.state),
  useGraphiQLActions: () => graphiql.actions,
  useMonaco: () => undefined,
}));

const root = createRoot(document.createElement("div"));

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
});

it("stops what runs when another tab is turned to, and not when one is written in", () => {
  change({});
  change({ tabs: [{ id: "one" }, { id: "two" }], query: "{ posts }" });
  expect(graphiql.actions.stop).not.toHaveBeenCalled();

  change({ activeTabIndex: 1 });
  expect(graphiql.actions.stop).toHaveBeenCalledOnce();
});

function change(state: Partial<typeof graphiql.state>): void {
  graphiql.state = { ...graphiql.state, ...state };
  act(() => {
    root.render(<EditorOptions />);
  });
}
