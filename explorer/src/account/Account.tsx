import "./account.css";

import { Button } from "@graphiql/react";

import { beginSession, type Offer, useSession } from "../session";
import { SignedIn } from "./SignedIn";
import { SignInForm } from "./SignInForm";

export function Account() {
  const { token, notice, offer } = useSession();
  return (
    <section className="account" aria-label="Account">
      <h2>Account</h2>
      {offer !== null && <Offered {...offer} />}
      {notice !== null && <p role="status">{notice}</p>}
      {token === null ? <SignInForm /> : <SignedIn key={token} token={token} />}
    </section>
  );
}

function Offered({ token, name }: Offer) {
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
      </p>
      <Button type="button" onClick={take}>
        Use this session
      </Button>
    </div>
  );
}
