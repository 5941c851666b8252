import { fetcherReturnToPromise } from "@graphiql/toolkit";
import type { FormattedExecutionResult } from "graphql";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { fetcher } from "./fetcher";
import { type Run, useLastRun } from "./runs";
import { beginSession, currentToken, endSession, type Session, useSession } from "./session";

type Operation = Parameters<typeof fetcher>[0];

const QUERY: Operation = { query: "query Feed { posts { totalCount } }", operationName: "Feed" };
const TOKEN = "an-address_of_43_characters-from_the_server";
const COST = { requested: 2, limit: 10_000 };

const server = vi.fn<(url: string, request: RequestInit) => Promise<Response>>();
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("fetch", server);
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  document.documentElement.dataset.traces = "on";
  page = document.createElement("div");
  act(() => {
    createRoot(page).render(<Seen />);
  });
});

afterEach(() => {
  act(() => {
    beginSession("the last"); // which takes an offer with it
    endSession();
  });
  server.mockReset();
});

/** What other parts of the page see. */
function Seen() {
  return JSON.stringify({ run: useLastRun(), session: useSession() });
}

function seen() {
  return JSON.parse(page.textContent) as { run: Run | null; session: Session };
}

function answers(body: unknown, status = 200): void {
  server.mockResolvedValue(new Response(JSON.stringify(body), { status }));
}

function ask(operation: Operation = QUERY, headers: Record<string, unknown> = {}) {
  return act(
    () =>
      fetcherReturnToPromise(fetcher(operation, { headers })) as Promise<FormattedExecutionResult>,
  );
}

/** Run, as whoever has the page's token, what is answered with this data. */
function mutate(query: string, data: unknown) {
  answers({ data });
  return ask({ query });
}

function sent(): Headers {
  return new Headers(server.mock.lastCall?.[1].headers);
}

describe("a request", () => {
  it("is the public's until somebody signs in", async () => {
    answers({ data: null });

    await ask();

    expect(sent().has("Authorization")).toBe(false);
  });

  it("is whose token the page has", async () => {
    answers({ data: null });
    act(() => {
      beginSession("secret");
    });

    await ask();

    expect(sent().get("Authorization")).toBe("Bearer secret");
    expect(seen().run?.authorization).toBe("Bearer secret");
  });

  it("asks for the cost and the trace", async () => {
    answers({ data: null });

    await ask();

    expect(sent().get("Inkwell-Cost")).toBe("1");
    expect(sent().get("Inkwell-Trace")).toBe("1");
  });

  it("asks for the cost alone where the server does not trace", async () => {
    answers({ data: null });
    document.documentElement.dataset.traces = "off";

    await ask();

    expect(sent().get("Inkwell-Cost")).toBe("1");
    expect(sent().has("Inkwell-Trace")).toBe(false);
  });

  it("has the headers of the editor rather than the page's", async () => {
    answers({ data: null });
    act(() => {
      beginSession("secret");
    });

    await ask(QUERY, { authorization: "bearer other", "X-Request-ID": 7 });

    expect(sent().get("Authorization")).toBe("bearer other");
    expect(sent().get("X-Request-ID")).toBe("7");
    expect(seen().run?.authorization).toBe("bearer other");
  });

  it("for the schema is neither measured nor kept", async () => {
    answers({ data: { __schema: {} } });
    const before = seen().run;

    await ask({ query: "{ __schema { types { name } } }", operationName: "IntrospectionQuery" });

    expect(sent().has("Inkwell-Trace")).toBe(false);
    expect(seen().run).toEqual(before);
  });
});

describe("an answer", () => {
  it("is shown without its measures, which are kept", async () => {
    answers({ data: { posts: null }, extensions: { cost: COST } });

    const shown = await ask();

    expect(shown).toEqual({ data: { posts: null } });
    expect(seen().run).toMatchObject({
      operationName: "Feed",
      measures: { cost: COST, trace: null },
    });
  });

  it("is shown with them to who asked for them", async () => {
    const whole = { data: null, extensions: { cost: COST } };
    answers(whole);

    expect(await ask(QUERY, { "inkwell-cost": "1" })).toEqual(whole);
  });

  it.each(["signIn", "mine"])("with a token as %s is an offer, and not taken", async (key) => {
    await mutate("mutation { x }", { [key]: { token: TOKEN, user: { displayName: "Ada" } } });

    expect(seen().session.offer).toEqual({ token: TOKEN, name: "Ada" });
    expect(currentToken()).toBeNull();
  });

  it.each([
    ["a query", "{ x }", { token: TOKEN }],
    ["what is no token", "mutation { x }", { token: "short" }],
    ["what is no text", "mutation { x }", { token: 43 }],
    ["nothing", "mutation { x }", null],
  ])("with %s is no offer", async (_, query, outcome) => {
    await mutate(query, { signIn: outcome });

    expect(seen().session.offer).toBeNull();
  });

  it("to signing out ends the session", async () => {
    act(() => {
      beginSession("mine");
    });

    await mutate("mutation { left: signOut }", { left: true });

    expect(currentToken()).toBeNull();
    expect(seen().session.notice).toBe("You signed out in the editor.");
  });

  it("to signing out of another session, or of none, does not", async () => {
    act(() => {
      beginSession("mine");
    });

    await mutate("mutation { signOut }", { signOut: false });
    answers({ data: { signOut: true } });
    await ask({ query: "mutation { signOut }" }, { Authorization: "Bearer other" });

    expect(currentToken()).toBe("mine");
  });

  it("of 401 ends the session", async () => {
    answers({ errors: [{ message: "The session has ended." }] }, 401);
    act(() => {
      beginSession("old");
    });

    await ask();

    expect(currentToken()).toBeNull();
    expect(sessionStorage).toHaveLength(0);
    expect(seen().session.notice).toBe("Your session has ended. Sign in again.");
  });

  it("of 401 to another token does not", async () => {
    answers({ errors: [{ message: "The session has ended." }] }, 401);
    act(() => {
      beginSession("good");
    });

    await ask(QUERY, { Authorization: "Bearer mine" });

    expect(currentToken()).toBe("good");
  });
});

describe("a run that is stopped", () => {
  it("asks no further, says nothing, and is not kept", async () => {
    answers({ data: { signIn: { token: TOKEN } } });
    const before = seen();
    const listener = { next: vi.fn(), error: vi.fn(), complete: vi.fn() };

    const run = fetcher({ query: "mutation { signIn }" }).subscribe(listener);
    run.unsubscribe();
    await act(() => new Promise((done) => setTimeout(done)));

    expect(server.mock.lastCall?.[1].signal?.aborted).toBe(true);
    for (const told of Object.values(listener)) expect(told).not.toHaveBeenCalled();
    expect(seen()).toEqual(before);
  });
});

describe("a failure is told in plain words", () => {
  it("when nobody answers", async () => {
    server.mockRejectedValue(new TypeError("Failed to fetch"));

    expect(await messages()).toEqual([`The server at ${location.origin} does not answer.`]);
    expect(seen().run).toMatchObject({ operationName: "Feed", measures: null });
  });

  it.each(["<h1>Bad gateway</h1>", "null", "[]", ""])("when %j is no answer", async (body) => {
    server.mockResolvedValue(new Response(body, { status: 502, statusText: "Bad Gateway" }));

    expect(await messages()).toEqual([
      `The server at ${location.origin} answered 502 Bad Gateway, in no JSON.`,
    ]);
  });
});

async function messages(): Promise<string[] | undefined> {
  return (await ask()).errors?.map(({ message }) => message);
}
