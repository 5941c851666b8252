import axe from "axe-core";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { member } from "../examples/05-account.json";
import { record, type Run } from "../runs";
import { beginSession, currentToken, endSession, offerSession } from "../session";
import { Account } from "./Account";

const ADA = {
  viewer: { displayName: "Ada", username: "ada", role: "MEMBER" },
  sessions: [
    { isCurrent: false, createdAt: "2025-01-01T12:00:00Z", expiresAt: "2025-02-01T12:00:00Z" },
    { isCurrent: true, createdAt: "2026-01-01T12:00:00Z", expiresAt: "2026-02-01T12:00:00Z" },
  ],
};
const MUTATION: Run = {
  operationName: null,
  isMutation: true,
  roundTripMs: 1,
  authorization: null,
  measures: null,
};
const OPERATION = /(?:query|mutation) (\w+)/;

let page: HTMLElement;
let root: Root;
let answers: Record<string, unknown>;
const server = vi.fn((_: string, { body }: { body: string }) => {
  const { query } = JSON.parse(body) as { query: string };
  const answer = answers[OPERATION.exec(query)?.[1] ?? ""];
  if (answer === undefined) return Promise.reject(new TypeError("Failed to fetch"));
  return Promise.resolve(new Response(JSON.stringify(answer)));
});

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("fetch", server);
  answers = {};
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
  delete document.documentElement.dataset.traces;
  show(<Account />);
});

afterEach(() => {
  act(() => {
    endSession();
    root.unmount();
  });
  page.remove();
});

it("signs in, and says who one is, and for how long", async () => {
  answers = { SignIn: { data: { signIn: { token: "secret" } } }, Viewer: { data: ADA } };

  await submit("ada", "long enough");

  expect(currentToken()).toBe("secret");
  expect(page.textContent).toContain("Ada @ada");
  expect(page.textContent).toContain("member");
  expect(page.textContent).toContain("Jan 1, 2026");
  expect(page.textContent).toContain("Feb 1, 2026");
});

it.each([
  [
    { data: { signIn: { message: "That login and password do not go together." } } },
    "That login and password do not go together.",
  ],
  [
    { data: null, errors: [{ message: "Slow down.", extensions: { retryAfterSeconds: 739 } }] },
    "Too many attempts. Try again in 13 minutes.",
  ],
  [
    { data: null, errors: [{ message: "Slow down.", extensions: { retryAfterSeconds: 1 } }] },
    "Too many attempts. Try again in 1 second.",
  ],
  [{ data: null, errors: [{ message: "The database is down." }] }, "The database is down."],
  [undefined, `The server at ${location.origin} does not answer.`],
])("says what is wrong with %j", async (answer, sentence) => {
  answers = { SignIn: answer };

  await submit("ada", "wrong");

  expect(page.querySelector("[role=alert]")?.textContent).toBe(sentence);
  expect(page.querySelector("input")?.value).toBe("ada");
  expect(page.querySelector("button")?.disabled).toBe(false);
});

it("still says what was wrong when another panel was shown meanwhile", async () => {
  answers = { SignIn: { data: { signIn: { message: "Wrong." } } } };
  await submit("ada", "wrong");

  show(null);
  show(<Account />);

  expect(page.querySelector("[role=alert]")?.textContent).toBe("Wrong.");
  expect(page.querySelector("input")?.value).toBe("ada");
});

it("keeps the focus that was in the form, and announces who signed in", async () => {
  answers = { SignIn: { data: { signIn: { token: "secret" } } }, Viewer: { data: ADA } };
  const status = page.querySelector("[role=status]");
  page.querySelector("input")?.focus();

  await submit("ada", "long enough");

  expect(document.activeElement?.textContent).toBe("Account");
  expect(status?.textContent).toBe("Signed in as Ada @ada");
});

it("leaves the focus alone that is elsewhere", async () => {
  const editor = document.body.appendChild(document.createElement("input"));
  editor.focus();

  await settled(() => {
    beginSession("secret");
  });

  expect(document.activeElement).toBe(editor);
  editor.remove();
});

it("asks again who one is, when it is told to", async () => {
  await settled(() => {
    beginSession("secret");
  });
  expect(page.querySelector("[role=alert]")?.textContent).toContain("does not answer");

  answers = { Viewer: { data: ADA } };
  await press("Try again");

  expect(page.textContent).toContain("Ada @ada");
});

it("asks again who one is, when a mutation was run", async () => {
  answers = { Viewer: { data: ADA } };
  await settled(() => {
    beginSession("secret");
  });

  answers = { Viewer: { data: { ...ADA, viewer: { ...ADA.viewer, displayName: "Countess" } } } };
  await settled(() => {
    record(MUTATION);
  });

  expect(page.textContent).toContain("Countess @ada");
});

it("fills in the demo data's member, where the server is in development", async () => {
  document.documentElement.dataset.traces = "on";
  show(null);
  show(<Account />);

  await press("Fill in");

  const [login, password] = page.querySelectorAll("input");
  expect(login?.value).toBe(member.login);
  expect(password?.value).toBe(member.password);
});

it("forgets the token, whatever the server says to signing out", async () => {
  answers = { Viewer: { data: ADA } };
  await settled(() => {
    beginSession("secret");
  });

  await press("Sign out");

  expect(currentToken()).toBeNull();
  expect(page.querySelector("form")).not.toBeNull();
});

it("takes over a session of the editor when it is told to", async () => {
  answers = { Viewer: { data: ADA } };
  act(() => {
    offerSession({ token: "other", name: "Grace" });
  });
  expect(page.textContent).toContain("A session of Grace was begun in the editor.");
  expect(page.textContent).not.toContain("replace");

  await press("Use this session");

  expect(currentToken()).toBe("other");
  expect(page.textContent).not.toContain("Grace");
});

it("says whose session another would replace", async () => {
  answers = { Viewer: { data: ADA } };
  await settled(() => {
    beginSession("secret");
    offerSession({ token: "other", name: "Grace" });
  });

  expect(page.textContent).toContain("It would replace that of Ada.");
});

it("can be used by everybody, signed in or out", async () => {
  answers = { Viewer: { data: ADA } };
  const signedOut = await axe.run(page);
  await settled(() => {
    beginSession("secret");
  });
  const signedIn = await axe.run(page);

  expect([...signedOut.violations, ...signedIn.violations]).toEqual([]);
});

function show(content: ReactNode): void {
  act(() => {
    root.render(content);
  });
}

async function submit(login: string, password: string): Promise<void> {
  const [loginInput, passwordInput] = page.querySelectorAll("input");
  act(() => {
    type(loginInput, login);
    type(passwordInput, password);
  });
  await press("Sign in");
}

function type(input: HTMLInputElement | undefined, text: string): void {
  // React looks only at what it did not set itself
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
  input?.dispatchEvent(new Event("input", { bubbles: true }));
}

async function press(label: string): Promise<void> {
  const button = [...page.querySelectorAll("button")].find(
    ({ textContent }) => textContent === label,
  );
  await settled(() => {
    button?.click();
  });
}

/** Make a change, and wait for what the server answers to it. */
async function settled(change: () => void): Promise<void> {
  await act(() => {
    change();
    return Promise.resolve();
  });
}
