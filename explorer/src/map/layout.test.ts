import { expect, test } from "vitest";

import type { Entity } from "./entities";
import { laidOut } from "./layout";

const POST: Entity = {
  name: "Post",
  attributes: [{ name: "title", type: "String!" }],
  relations: [
    { field: "author", to: "User", count: "one" },
    { field: "editor", to: "User", count: "one or none" },
    { field: "replies", to: "Post", count: "many" },
  ],
};
const USER: Entity = { name: "User", attributes: [], relations: [{ field: "posts", to: "Post", count: "many" }] };

test("relations between the same entities share an arrow for each direction", () => {
  const { boxes, arrows } = laidOut([POST, USER]);

  expect(boxes.map(({ id }) => id)).toEqual(["Post", "User"]);
  expect(arrows.map(({ id, data }) => [id, data?.relations.map(({ field }) => field)])).toEqual([
    ["Post User", ["author", "editor"]],
    ["Post Post", ["replies"]],
    ["User Post", ["posts"]],
  ]);
});

test("an arrow leads from the side of one box to the side of the other", () => {
  const { boxes, arrows } = laidOut([POST, USER]);

  const [post, user] = boxes;
  const points = arrows[0]?.data?.points ?? [];

  expect(points.at(0)?.x).toBe((post?.position.x ?? 0) + (post?.width ?? 0));
  expect(points.at(-1)?.x).toBe(user?.position.x);
});
