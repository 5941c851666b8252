const root = document.getElementById("root");

/** Say that the page could not start, where it would else be empty. */
function tell({ message }: ErrorEvent): void {
  setTimeout(() => {
    if (root?.childElementCount === 0) root.replaceChildren(sentence(message));
  });
}

function sentence(message: string): HTMLElement {
  const told = document.createElement("p");
  told.role = "alert";
  told.append(
    `The explorer could not start: ${message}. `,
    "It keeps its tabs and who is signed in in the browser's storage: if that is blocked for this page, allow it, and reload.",
  );
  return told;
}

window.addEventListener("error", tell);
