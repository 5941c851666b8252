const root = document.getElementById("root");

/** Say that the page could not start, where it would else be empty. */
function tell({ error, message }: ErrorEvent): void {
  const reason = error instanceof Error ? error.message : message;
  setTimeout(() => {
    if (root?.childElementCount === 0) root.replaceChildren(sentence(reason));
  });
}

function sentence(reason: string): HTMLElement {
  const told = document.createElement("p");
  told.role = "alert";
  told.append(
    "The explorer could not start. ",
    "It keeps tabs and sessions in the browser's storage: if that is blocked for this page, allow it, and reload. ",
    `The browser says: ${reason}`,
  );
  return told;
}

window.addEventListener("error", tell);
