import type { FetcherParams } from "@graphiql/toolkit";
import type { FormattedExecutionResult } from "graphql";

import type { Cost, Trace } from "./cost/trace";
import { operationIn } from "./documents";
import { ask, authorization, Unanswered } from "./endpoint";
import { record } from "./runs";
import { currentToken, offerSession } from "./session";

const TRACED = document.documentElement.dataset.traces === "on";
const MEASURES = TRACED ? ["Inkwell-Cost", "Inkwell-Trace"] : ["Inkwell-Cost"];

/** Run what stands in the editor, as whoever is signed in; a failure is told as an answer. */
export async function fetcher(
  operation: FetcherParams,
  options?: { headers?: Record<string, unknown> },
): Promise<FormattedExecutionResult> {
  try {
    const own = headersOf(options?.headers ?? {});
    return isIntrospection(operation) ? await ask(operation, own) : await run(operation, own);
  } catch (error) {
    if (error instanceof Unanswered) return { errors: [{ message: error.message }] };
    throw error;
  }
}

function isIntrospection(operation: FetcherParams): boolean {
  return operation.operationName === "IntrospectionQuery";
}

function headersOf(written: Record<string, unknown>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(written)) {
    try {
      headers.set(name, String(value));
    } catch {
      throw new Unanswered(`Request not sent. "${name}" is no header, or its value can't be sent.`);
    }
  }
  return headers;
}

async function run(operation: FetcherParams, own: Headers): Promise<FormattedExecutionResult> {
  const headers = requestHeaders(own);
  const operationName = operationIn(operation.query, operation.operationName ?? null);
  const begun = performance.now();
  const result = await ask({ ...operation, operationName }, headers);
  const roundTripMs = performance.now() - begun;
  const { cost, trace, rest } = measuresIn(result);
  record({
    operationName,
    query: operation.query,
    roundTripMs,
    token: tokenIn(headers),
    cost,
    trace,
  });
  offerSessionIn(result);
  return MEASURES.some((name) => own.has(name)) ? result : rest;
}

/** What the page asks with, unless the person wrote otherwise. */
function requestHeaders(own: Headers): Headers {
  const headers = new Headers(authorization(currentToken()));
  for (const name of MEASURES) headers.set(name, "1");
  own.forEach((value, name) => {
    headers.set(name, value);
  });
  return headers;
}

function tokenIn(headers: Headers): string | null {
  return /^Bearer (.+)$/i.exec(headers.get("Authorization") ?? "")?.[1] ?? null;
}

/** What an answer says of its cost, and the answer without that. */
function measuresIn(result: FormattedExecutionResult) {
  const { extensions = {}, ...answer } = result;
  const { cost = null, trace = null, ...others } = extensions;
  return {
    cost: cost as Cost | null,
    trace: trace as Trace | null,
    rest: Object.keys(others).length === 0 ? answer : { ...answer, extensions: others },
  };
}

interface Begun {
  token?: string;
  user?: { displayName?: string; username?: string };
}

function offerSessionIn({ data }: FormattedExecutionResult): void {
  const { signUp, signIn } = (data ?? {}) as { signUp?: Begun; signIn?: Begun };
  const begun = signIn?.token === undefined ? signUp : signIn;
  if (begun?.token === undefined) return;
  const name = begun.user?.displayName ?? begun.user?.username ?? null;
  offerSession({ token: begun.token, name });
}
