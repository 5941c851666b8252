import { authorization } from "../endpoint";

export type Explained = { plan: string } | { failure: string };

/** Ask, as who ran a statement, for its plan; the failure is a sentence fit to show. */
export async function explain(handle: string, token: string | null): Promise<Explained> {
  try {
    const response = await fetch("explorer/explain", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...authorization(token) },
      body: JSON.stringify({ statement: handle }),
    });
    return await read(response);
  } catch {
    return { failure: "The server did not answer." };
  }
}

async function read(response: Response): Promise<Explained> {
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (response.ok && answer.plan !== undefined) return { plan: answer.plan };
  const failure = answer.errors?.[0]?.message ?? `The server answered ${response.status.toString()}, without a plan.`;
  return { failure };
}

interface Answer {
  plan?: string;
  errors?: { message: string }[];
}
