import type { FetcherParams } from "@graphiql/toolkit";
import type { FormattedExecutionResult } from "graphql";

import { currentToken, endSession } from "./session";

/** There is no answer that the page could read; the message says why, to a person. */
export class Unanswered extends Error {}

const MEDIA_TYPES = {
  Accept: "application/graphql-response+json, application/json",
  "Content-Type": "application/json",
};

/** Who asks, for a request's headers. */
export function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** Whether a request with these headers is in the page's own session. */
export function isInOwnSession(headers: Headers): boolean {
  const token = /^Bearer +(.+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
  return token !== undefined && token === currentToken();
}

/** Send an operation to the page's own address; raises as `post` does. */
export async function ask(
  operation: FetcherParams,
  headers: HeadersInit,
  signal?: AbortSignal,
): Promise<FormattedExecutionResult> {
  return await post(location.pathname, operation, headers, signal);
}

/**
 * Send JSON to a path, and return the object that is the answer.
 * Raises `Unanswered`, and the signal's reason if it was stopped.
 * A token of the page that is no longer good is forgotten.
 */
export async function post(
  path: string,
  content: unknown,
  headers: HeadersInit,
  signal: AbortSignal | null = null,
): Promise<object> {
  const sent = withMediaTypes(headers);
  const noAnswer = () => {
    signal?.throwIfAborted();
    throw new Unanswered(`${server()} does not answer.`);
  };
  const request = { method: "POST", body: JSON.stringify(content), headers: sent, signal };
  const response = await fetch(path, request).catch(noAnswer);
  if (response.status === 401 && isInOwnSession(sent)) {
    endSession("Your session has ended. Sign in again.");
  }
  const answer = objectIn(await response.text().catch(noAnswer));
  signal?.throwIfAborted();
  if (answer === null) throw new Unanswered(`${server()} answered ${said(response)}, in no JSON.`);
  return answer;
}

function withMediaTypes(headers: HeadersInit): Headers {
  const all = new Headers(MEDIA_TYPES);
  new Headers(headers).forEach((value, name) => {
    all.set(name, value);
  });
  return all;
}

function server(): string {
  return `The server at ${location.origin}`;
}

function said({ status, statusText }: Response): string {
  return `${String(status)} ${statusText}`.trim();
}

function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
