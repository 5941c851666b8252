import { Button } from "@graphiql/react";
import { useEffect, useState } from "react";

import { endSession } from "../session";
import { signOut, type Viewer, viewerOf } from "./operations";

export function SignedIn({ token }: { token: string }) {
  const leave = () => {
    void signOut(token).catch(() => undefined); // the token is forgotten whatever the server says
    endSession();
  };
  return (
    <>
      <Whoever token={token} />
      <Button type="button" onClick={leave}>
        Sign out
      </Button>
    </>
  );
}

function Whoever({ token }: { token: string }) {
  const viewer = useViewer(token);
  if (viewer === null) return <p>Signed in.</p>;
  if (viewer instanceof Error) return <p role="alert">{viewer.message}</p>;
  return (
    <dl>
      <dt>Signed in as</dt>
      <dd>
        <strong>{viewer.displayName}</strong> @{viewer.username}
      </dd>
      <dt>Role</dt>
      <dd>{viewer.role.toLowerCase()}</dd>
      {viewer.session !== null && <Lasting {...viewer.session} />}
    </dl>
  );
}

function Lasting({ createdAt, expiresAt }: NonNullable<Viewer["session"]>) {
  return (
    <>
      <dt>Since</dt>
      <dd>{moment(createdAt)}</dd>
      <dt>Until</dt>
      <dd>{moment(expiresAt)}</dd>
    </>
  );
}

/** Who has the token; null while the server is asked, or why it is not known. */
function useViewer(token: string): Viewer | Error | null {
  const [viewer, setViewer] = useState<Viewer | Error | null>(null);
  useEffect(() => {
    void viewerOf(token)
      .catch((error: unknown) => error as Error)
      .then(setViewer);
  }, [token]);
  return viewer;
}

function moment(time: string): string {
  return new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}
