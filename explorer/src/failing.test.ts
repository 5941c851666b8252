import { expect, it, vi } from "vitest";

it("says why the page is empty, and nothing over a page that is there", async () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<main id="root"></main>';
  await import("./failing");
  const root = document.getElementById("root");

  fail("Access is denied.");
  expect(root?.textContent).toContain("The explorer could not start.");
  expect(root?.textContent).toContain("Access is denied.");

  root?.replaceChildren(document.createElement("h1"));
  fail("Another.");
  expect(root?.textContent).toBe("");
});

function fail(message: string): void {
  window.dispatchEvent(new ErrorEvent("error", { error: new Error(message) }));
  vi.runAllTimers();
}
