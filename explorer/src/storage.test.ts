import { afterEach, expect, it, vi } from "vitest";

import { createStorage } from "./storage";

afterEach(() => {
  localStorage.clear();
});

it("is cleared of what is GraphiQL's, for good, and the page begins anew", () => {
  const reload = vi.spyOn(location, "reload").mockReturnValue();
  const storage = createStorage();
  localStorage.setItem("other", "stays");
  storage.setItem("graphiql:tabState", "tabs");
  expect(storage).toHaveLength(1);

  storage.clear();
  storage.setItem("graphiql:tabState", "late");

  expect(Object.keys(localStorage)).toEqual(["other"]);
  expect(reload).toHaveBeenCalledOnce();
});
