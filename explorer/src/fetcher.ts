import type { FetcherParams, Observable } from "@graphiql/toolkit";
import type { FormattedExecutionResult } from "graphql";

import { heedSessions } from "./account/heeding";
import { isMutation, operationIn } from "./documents";
import { ask, authorization, Unanswered } from "./endpoint";
import { type Measures, record } from "./runs";
import { currentToken } from "./session";
import { stoppable } from "./stoppable";
import { tracing } from "./tracing";

/**
 * Run what stands in the editor, as whoever is signed in; a failure is told as an answer.
 * What is stopped leaves no trace in the page.
 */
export function fetcher(
  operation: FetcherParams,
  options?: { headers?: Record<string, unknown> },
): Observable<FormattedExecutionResult> {
  return stoppable(async (signal) => {
    try {
      const own = headersOf(options?.headers ?? {});
      if (isIntrospection(operation)) return await ask(operation, own, signal);
      return await run(operation, own, signal);
    } catch (error) {
      if (error instanceof Unanswered) return { errors: [{ message: error.message }] };
      throw error;
    }
  });
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

async function run(
  { query, operationName: named = null, ...others }: FetcherParams,
  own: Headers,
  signal: AbortSignal,
): Promise<FormattedExecutionResult> {
  const operationName = operationIn(query, named);
  const headers = requestHeaders(own);
  const keep = recorder(query, operationName, headers);
  const result = await ask({ query, operationName, ...others }, headers, signal).catch(
    (error: unknown) => {
      if (error instanceof Unanswered) keep(null);
      throw error;
    },
  );
  const { measures, rest } = measuresIn(result);
  keep(measures);
  heedSessions(query, operationName, headers, result.data ?? {});
  return measureHeaders().some((name) => own.has(name)) ? result : rest;
}

/** What the page asks with, unless the person wrote otherwise. */
function requestHeaders(own: Headers): Headers {
  const headers = new Headers(authorization(currentToken()));
  for (const name of measureHeaders()) headers.set(name, "1");
  own.forEach((value, name) => {
    headers.set(name, value);
  });
  return headers;
}

function measureHeaders(): string[] {
  return tracing() ? ["Inkwell-Cost", "Inkwell-Trace"] : ["Inkwell-Cost"];
}

/** Keep a run that begins now, when its measures are known. */
function recorder(query: string, operationName: string | null, headers: Headers) {
  const begun = performance.now();
  return (measures: Measures | null) => {
    record({
      operationName,
      isMutation: isMutation(query, operationName),
      roundTripMs: performance.now() - begun,
      authorization: headers.get("Authorization"),
      measures,
    });
  };
}

/** What an answer says of its cost, and the answer without that. */
function measuresIn(result: FormattedExecutionResult) {
  const { extensions = {}, ...answer } = result;
  const { cost = null, trace = null, ...others } = extensions;
  return {
    measures: { cost, trace } as Measures,
    rest: Object.keys(others).length === 0 ? answer : { ...answer, extensions: others },
  };
}
