import { afterEach, expect, test, vi } from "vitest";

import { beginSession, currentToken } from "../session";
import { explain } from "./explain";

function serverAnswers(body: string, status: number) {
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

test("the plan is asked for with the header that the statement was sent with", async () => {
  const fetched = serverAnswers('{"plan": "SCAN posts"}', 200);

  expect(await explain("handle", "bearer secret")).toEqual({ plan: "SCAN posts" });

  const [url, init] = fetched.mock.lastCall ?? [];
  expect(url).toBe("explorer/explain");
  expect(init?.body).toBe('{"statement":"handle"}');
  expect(new Headers(init?.headers).get("Authorization")).toBe("bearer secret");
});

test("the server's own words say why there is no plan", async () => {
  serverAnswers('{"errors": [{"message": "The statement is gone."}]}', 404);

  expect(await explain("handle", null)).toEqual({ failure: "The statement is gone." });
});

test("a session that has ended is forgotten", async () => {
  serverAnswers('{"errors": [{"message": "The session has ended."}]}', 401);
  beginSession("secret");

  expect(await explain("handle", "Bearer secret")).toEqual({ failure: "The session has ended." });

  expect(currentToken()).toBeNull();
});

test("an answer without a plan, or none at all, is a sentence, too", async () => {
  serverAnswers("{}", 200);
  expect(await explain("handle", null)).toEqual({ failure: "The server answered without a plan." });

  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await explain("handle", null)).toEqual({
    failure: `The server at ${location.origin} does not answer.`,
  });
});
