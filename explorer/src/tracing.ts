/** Whether the server traces, as it says in the page. */
export function tracing(): boolean {
  return document.documentElement.dataset.traces === "on";
}
