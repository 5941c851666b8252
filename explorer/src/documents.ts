import { Kind, parse } from "graphql";

/**
 * The name of the operation to run, if it has one.
 * GraphiQL learns a moment late that a document has changed, and may name one that is gone.
 */
export function operationIn(document: string, named: string | null): string | null {
  const names = namesIn(document) ?? [named];
  return names.includes(named) || names.length > 1 ? named : (names[0] ?? null);
}

/** The names of all operations; null if the document can't be read. */
function namesIn(document: string): (string | null)[] | null {
  try {
    return parse(document).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value ?? null] : [],
    );
  } catch {
    return null;
  }
}
