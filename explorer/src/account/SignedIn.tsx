import { Button } from "@graphiql/react";

import { endSession } from "../session";
import { signOut, type Viewer } from "./operations";

interface Props {
  token: string;
  viewer: Viewer | null;
  /** Why the viewer is not known. */
  problem: string | null;
  tryAgain: () => void;
}

export function SignedIn({ token, viewer, problem, tryAgain }: Props) {
  const leave = () => {
    void signOut(token).catch(() => undefined); // the token is forgotten whatever the server says
    endSession();
  };
  return (
    <>
      <p role="alert">{problem}</p>
      {viewer !== null && <Facts {...viewer} />}
      <div className="account-actions">
        {problem !== null && (
          <Button type="button" onClick={tryAgain}>
            Try again
          </Button>
        )}
        <Button type="button" onClick={leave}>
          Sign out
        </Button>
      </div>
    </>
  );
}

function Facts({ role, session }: Viewer) {
  return (
    <dl>
      <dt>Role</dt>
      <dd>{role.toLowerCase()}</dd>
      {session !== null && (
        <>
          <dt>Since</dt>
          <dd>{moment(session.createdAt)}</dd>
          <dt>Until</dt>
          <dd>{moment(session.expiresAt)}</dd>
        </>
      )}
    </dl>
  );
}

function moment(time: string): string {
  return new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}
