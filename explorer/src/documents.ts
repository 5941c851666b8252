import {
  type DocumentNode,
  getOperationAST,
  Kind,
  OperationTypeNode,
  parse,
  separateOperations,
  visit,
} from "graphql";

/**
 * The name of the operation to run, if it has one.
 * GraphiQL learns a moment late that a document has changed, and may name one that is gone.
 */
export function operationIn(document: string, named: string | null): string | null {
  const names = namesIn(document) ?? [named];
  return names.includes(named) || names.length > 1 ? named : (names[0] ?? null);
}

/** Whether a document's operation of this name is a mutation, as far as it can be read. */
export function isMutation(document: string, name: string | null): boolean {
  const read = readable(document);
  return read !== null && getOperationAST(read, name)?.operation === OperationTypeNode.MUTATION;
}

/** The keys under which a document's operation of this name asks for a field. */
export function keysOf(field: string, document: string, name: string | null): string[] {
  const read = readable(document);
  const operation = read && separateOperations(read)[name ?? ""];
  if (!operation) return [];
  const keys: string[] = [];
  visit(operation, {
    Field({ name, alias }) {
      if (name.value === field) keys.push((alias ?? name).value);
    },
  });
  return keys;
}

/** The names of all operations; null if the document can't be read. */
function namesIn(document: string): (string | null)[] | null {
  const read = readable(document);
  if (read === null) return null;
  return read.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value ?? null] : [],
  );
}

function readable(document: string): DocumentNode | null {
  try {
    return parse(document);
  } catch {
    return null;
  }
}
