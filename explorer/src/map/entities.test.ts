import { buildSchema } from "graphql";
import { expect, test } from "vitest";

import { entities, everything } from "./entities";

const SCHEMA = buildSchema(`
  interface Node { id: ID! }
  type Query { node(id: ID!): Node  viewer: User  posts(first: Int): PostConnection!  search: [Hit!]! }
  type Mutation { addPost: AddPostResult! }
  union Hit = User | Post
  union AddPostResult = AddPostPayload | NotFound
  type AddPostPayload { post: Post! }
  type NotFound { message: String! }
  type User implements Node { id: ID!  roles: [Role!]!  posts: PostConnection! }
  enum Role { MEMBER ADMIN }
  type Post implements Node { id: ID!  author: User! }
  type Draft implements Node { id: ID! }
  type PostConnection { pageInfo: PageInfo!  edges: [PostEdge!]!  nodes: [Post!]! }
  type PostEdge { node: Post!  cursor: String! }
  type PageInfo { hasNextPage: Boolean! }
`);

test("connections, payloads and errors are folded away", () => {
  const names = entities(SCHEMA).map(({ name }) => name);

  expect(names).toEqual(["Query", "User", "Post", "Draft"]);
});

test("relations say of how many, through lists, connections and unions", () => {
  const [query] = entities(SCHEMA);

  expect(query?.relations).toEqual([
    { field: "viewer", to: "User", count: "one or none" },
    { field: "posts", to: "Post", count: "many" },
    { field: "search", to: "User", count: "many" },
    { field: "search", to: "Post", count: "many" },
  ]);
});

test("scalars, enums and lists of them are attributes", () => {
  const user = entities(SCHEMA).find(({ name }) => name === "User");

  expect(user?.attributes).toEqual([
    { name: "id", type: "ID!" },
    { name: "roles", type: "[Role!]!" },
  ]);
});

test("everything is every object type, and connections are types like others", () => {
  const all = everything(SCHEMA);

  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["Mutation", "AddPostPayload", "NotFound", "PostConnection", "PostEdge", "PageInfo"]),
  );
  expect(all.find(({ name }) => name === "User")?.relations).toEqual([
    { field: "posts", to: "PostConnection", count: "one" },
  ]);
  expect(all.find(({ name }) => name === "Mutation")?.relations.map(({ to }) => to)).toEqual([
    "AddPostPayload",
    "NotFound",
  ]);
});
