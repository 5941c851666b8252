import { afterEach, expect, test, vi } from "vitest";

import { explain } from "./explain";

function serverAnswers(body: string, status: number) {
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(new Response(body, { status })));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

test("the plan is asked for as who ran the statement", async () => {
  const fetched = serverAnswers('{"plan": "SCAN posts"}', 200);

  expect(await explain("handle", "secret")).toEqual({ plan: "SCAN posts" });

  const [url, init] = fetched.mock.lastCall ?? [];
  expect(url).toBe("explorer/explain");
  expect(init?.body).toBe('{"statement":"handle"}');
  expect(new Headers(init?.headers).get("Authorization")).toBe("Bearer secret");
});

test("the server's own words say why there is no plan", async () => {
  serverAnswers('{"errors": [{"message": "The statement is gone."}]}', 404);

  expect(await explain("handle", null)).toEqual({ failure: "The statement is gone." });
});

test("an answer that is no JSON is told by its status", async () => {
  serverAnswers("<h1>Bad gateway</h1>", 502);

  expect(await explain("handle", null)).toEqual({ failure: "The server answered 502, without a plan." });
});

test("no answer is a sentence, too", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));

  expect(await explain("handle", null)).toEqual({ failure: "The server did not answer." });
});
