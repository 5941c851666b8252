import axe from "axe-core";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { record, type Run } from "../runs";
import { aStatement } from "./given.test-data";
import { Panel } from "./Panel";
import type { Phases, Statement, Trace } from "./trace";

const PHASES = { parse: null, validate: 1, plan: 1, execute: 1, sql: 1, encode: 1 };

let page: HTMLElement;
let root: Root;
let explained: (plan: string) => void;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("fetch", vi.fn(answeredLater));
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
  act(() => {
    root.render(<Panel />);
  });
});

afterEach(() => {
  act(() => {
    root.unmount();
  });
  page.remove();
  vi.useRealTimers();
});

test("a run without an answer leaves nothing of the one before it", () => {
  ran({ cost: { requested: 2, limit: 10 }, trace: traced(aStatement()) });
  expect(page.textContent).toContain("Requested cost: 2 of 10");

  ran(null);

  expect(page.textContent).toContain("There was no answer");
  expect(page.querySelector(".cost-row, meter")).toBeNull();
});

test("an answer without a trace says what may be the reason", () => {
  ran({ cost: null, trace: null });

  expect(page.textContent).toContain("The answer has no trace. The server traces in development only");
});

test("a phase without a time is explained where there is one", () => {
  ran({ cost: null, trace: traced() });
  expect(page.textContent).toContain("Parse –");
  expect(page.textContent).toContain("–: not needed, or not come to");

  ran({ cost: null, trace: { ...traced(), phases: { ...PHASES, parse: 1 } } });
  expect(page.textContent).not.toContain("–");
});

test("rows that were opened are closed by the next run", () => {
  ran({ cost: null, trace: traced(aStatement()) });
  press(".cost-row");
  expect(page.querySelector(".cost-details")).not.toBeNull();

  ran({ cost: null, trace: traced(aStatement()) });

  expect(page.querySelector(".cost-details")).toBeNull();
});

test("a plan is asked for once at a time", async () => {
  ran({ cost: null, trace: traced(aStatement({ explain: "handle" })) });
  press(".cost-row");

  press("[aria-disabled]");
  press("[aria-disabled]");

  expect(page.querySelector(".cost-explained")?.textContent).toBe("Asking …");
  expect(fetch).toHaveBeenCalledOnce();

  await act(() => {
    explained("SCAN posts");
    return Promise.resolve();
  });
  expect(page.querySelector(".cost-explained")?.textContent).toBe("SCAN posts");
});

test.each([
  ["Copied", () => Promise.resolve()],
  ["The browser refused to copy", () => Promise.reject(new DOMException("No."))],
])("to copy is answered by %j for a moment", async (words, writeText) => {
  vi.useFakeTimers();
  vi.spyOn(navigator.clipboard, "writeText").mockImplementation(writeText);
  ran({ cost: null, trace: traced(aStatement()) });
  press(".cost-row");
  const button = page.querySelector("[aria-live]");

  await act(() => {
    press("[aria-live]");
    return Promise.resolve();
  });
  expect(button?.textContent).toBe(words);

  act(() => {
    vi.runAllTimers();
  });
  expect(button?.textContent).toBe("Copy");
});

test("the panel can be used by everybody", async () => {
  ran({ cost: { requested: 2, limit: 10 }, trace: traced(aStatement({ explain: "handle" })) });
  press(".cost-row");

  expect((await axe.run(page)).violations).toEqual([]);
});

function answeredLater(): Promise<Response> {
  return new Promise((resolve) => {
    explained = (plan) => {
      resolve(new Response(JSON.stringify({ plan })));
    };
  });
}

function traced(...statements: Statement[]): Trace {
  const phases: Phases = PHASES;
  return { durationMs: 10, phases, statements };
}

function ran(measures: Run["measures"]): void {
  act(() => {
    record({ operationName: "Feed", isMutation: false, roundTripMs: 1, authorization: null, measures });
  });
}

function press(selector: string): void {
  act(() => {
    page.querySelector<HTMLElement>(selector)?.click();
  });
}
