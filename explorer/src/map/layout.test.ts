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
  const { boxes, arrows } = laidOut([POST, USER], "LR");

  expect(boxes.map(({ id }) => id)).toEqual(["Post", "User"]);
  expect(arrows.map(({ id, data }) => [id, data?.relations.map(({ field }) => field)])).toEqual([
    ["Post User", ["author", "editor"]],
    ["Post Post", ["replies"]],
    ["User Post", ["posts"]],
  ]);
});

test("boxes stand side by side, or one below the other", () => {
  const positions = (direction: "LR" | "TB") => laidOut([POST, USER], direction).boxes.map(({ position }) => position);

  const [left, right] = positions("LR");
  const [top, bottom] = positions("TB");

  expect(Math.abs((right?.x ?? 0) - (left?.x ?? 0))).toBeGreaterThan(240);
  expect(Math.abs((bottom?.y ?? 0) - (top?.y ?? 0))).toBeGreaterThan(40);
});
