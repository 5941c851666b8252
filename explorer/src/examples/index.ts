export interface Example {
  query: string;
  variables: string | null;
}

const DOCUMENTS = textsOf(
  import.meta.glob("./*.graphql", { query: "?raw", import: "default", eager: true }),
);
const VARIABLES = textsOf(
  import.meta.glob("./*.json", { query: "?raw", import: "default", eager: true }),
);

/** The folder's documents in the order of their names, with their variables. */
export const EXAMPLES: Example[] = Object.entries(DOCUMENTS).map(([path, query]) => ({
  query,
  variables: VARIABLES[path.replace(/graphql$/, "json")] ?? null,
}));

function textsOf(modules: Record<string, unknown>): Record<string, string> {
  return modules as Record<string, string>;
}
