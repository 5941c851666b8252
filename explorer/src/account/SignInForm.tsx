import { Button } from "@graphiql/react";
import { type SubmitEvent, useState } from "react";

import { member as DEMO } from "../examples/05-account.json";
import { beginSession, failSession, useSession } from "../session";
import { tracing } from "../tracing";
import { signIn } from "./operations";

export function SignInForm() {
  const { failure } = useSession();
  const [login, setLogin] = useState(failure?.login ?? "");
  const [password, setPassword] = useState("");
  const [isWaiting, setIsWaiting] = useState(false);

  const submit = async () => {
    setIsWaiting(true);
    await trySignIn(login, password);
    setIsWaiting(false);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void submit();
  };
  const fillIn = () => {
    setLogin(DEMO.login);
    setPassword(DEMO.password);
  };

  return (
    <form onSubmit={onSubmit}>
      <label>
        Username or email
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          value={login}
          onChange={(event) => {
            setLogin(event.target.value);
          }}
        />
      </label>
      <label>
        Password
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
          }}
        />
      </label>
      <Button type="submit" disabled={isWaiting}>
        Sign in
      </Button>
      <p role="alert">{failure?.problem}</p>
      {tracing() && <DemoMember onFillIn={fillIn} />}
    </form>
  );
}

/** Who can sign in where the server has its demo data. */
function DemoMember({ onFillIn }: { onFillIn: () => void }) {
  return (
    <p className="account-demo">
      With the demo data, <code>{DEMO.login}</code> and <code>{DEMO.password}</code> sign in.{" "}
      <Button type="button" onClick={onFillIn}>
        Fill in
      </Button>
    </p>
  );
}

/** Begin a session, or keep why there is none: the form may be gone by then. */
async function trySignIn(login: string, password: string): Promise<void> {
  failSession(null);
  try {
    beginSession(await signIn(login, password));
  } catch (error) {
    failSession({ login, problem: (error as Error).message });
  }
}
