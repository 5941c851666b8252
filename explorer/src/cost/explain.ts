import { post, Unanswered } from "../endpoint";

export type Explained = { plan: string } | { failure: string };

interface Answer {
  plan?: string;
  errors?: { message: string }[];
}

/** Ask, with the header that a statement was sent with, for its plan; the failure is a sentence fit to show. */
export async function explain(handle: string, authorization: string | null): Promise<Explained> {
  const headers = new Headers(authorization === null ? {} : { Authorization: authorization });
  try {
    const { plan, errors }: Answer = await post("explorer/explain", { statement: handle }, headers);
    if (plan !== undefined) return { plan };
    return { failure: errors?.[0]?.message ?? "The server answered without a plan." };
  } catch (error) {
    if (error instanceof Unanswered) return { failure: error.message };
    throw error;
  }
}
