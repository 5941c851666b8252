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

/**
 * Send an operation to the page's own address; raises `Unanswered`.
 * A token of the page that is no longer good is forgotten.
 */
export async function ask(
  operation: FetcherParams,
  headers: HeadersInit,
): Promise<FormattedExecutionResult> {
  const sent = withMediaTypes(headers);
  const response = await post(JSON.stringify(operation), sent);
  if (response.status === 401) forgetToken(sent);
  const result = resultIn(await response.text().catch(unreachable));
  if (result === null) throw new Unanswered(`${server()} answered ${said(response)}, in no JSON.`);
  return result;
}

function withMediaTypes(headers: HeadersInit): Headers {
  const all = new Headers(MEDIA_TYPES);
  new Headers(headers).forEach((value, name) => {
    all.set(name, value);
  });
  return all;
}

function post(body: string, headers: Headers): Promise<Response> {
  return fetch(location.pathname, { method: "POST", body, headers }).catch(unreachable);
}

function forgetToken(sent: Headers): void {
  if (sent.get("Authorization") === `Bearer ${String(currentToken())}`) {
    endSession("Your session has ended. Sign in again.");
  }
}

function unreachable(): never {
  throw new Unanswered(`${server()} does not answer.`);
}

function server(): string {
  return `The server at ${location.origin}`;
}

function said({ status, statusText }: Response): string {
  return `${String(status)} ${statusText}`.trim();
}

function resultIn(text: string): FormattedExecutionResult | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
