import "./account.css";

import { Button } from "@graphiql/react";
import { type RefObject, useEffect, useRef } from "react";

import { beginSession, type Offer, useSession } from "../session";
import type { Viewer } from "./operations";
import { SignedIn } from "./SignedIn";
import { SignInForm } from "./SignInForm";
import { useViewer } from "./useViewer";

export function Account() {
  const { token, notice, offer } = useSession();
  const { viewer, problem, reload } = useViewer(token);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusKept(heading, token);
  const tryAgain = () => {
    heading.current?.focus(); // as the button goes
    reload();
  };
  return (
    <section className="account" aria-label="Account">
      <h2 ref={heading} tabIndex={-1}>
        Account
      </h2>
      {offer !== null && (
        <Offered {...offer} inPlaceOf={token && (viewer?.displayName ?? "whoever is signed in")} />
      )}
      <p role="status">{token === null ? notice : <Whoever viewer={viewer} />}</p>
      {token === null ? <SignInForm /> : <SignedIn {...{ token, viewer, problem, tryAgain }} />}
    </section>
  );
}

function Whoever({ viewer }: { viewer: Viewer | null }) {
  if (viewer === null) return "Signed in.";
  return (
    <>
      Signed in as <strong>{viewer.displayName}</strong> @{viewer.username}
    </>
  );
}

function Offered({ token, name, inPlaceOf }: Offer & { inPlaceOf: string | null }) {
  const take = () => {
    beginSession(token);
  };
  return (
    <div className="account-offer">
      <p>
        A session
        {name !== null && (
          <>
            {" "}
            of <strong>{name}</strong>
          </>
        )}{" "}
        was begun in the editor.
        {inPlaceOf !== null && (
          <>
            {" "}
            It would replace that of <strong>{inPlaceOf}</strong>.
          </>
        )}
      </p>
      <Button type="button" onClick={take}>
        Use this session
      </Button>
    </div>
  );
}

/** Give the focus that went with a form or a button to the heading of what came in its place. */
function useFocusKept(heading: RefObject<HTMLElement | null>, token: string | null) {
  const before = useRef(token);
  useEffect(() => {
    if (before.current !== token && document.activeElement === document.body) {
      heading.current?.focus();
    }
    before.current = token;
  }, [heading, token]);
}
