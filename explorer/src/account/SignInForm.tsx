import { Button } from "@graphiql/react";
import { type SubmitEvent, useState } from "react";

import { Unanswered } from "../endpoint";
import { beginSession } from "../session";
import { Refused, signIn } from "./operations";

export function SignInForm() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);

  const submit = async () => {
    setIsWaiting(true);
    setProblem(null);
    try {
      beginSession(await signIn(login, password));
    } catch (error) {
      setProblem(reason(error));
      setIsWaiting(false);
    }
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void submit();
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
      <p role="alert">{problem}</p>
    </form>
  );
}

function reason(error: unknown): string {
  if (error instanceof Refused || error instanceof Unanswered) return error.message;
  throw error;
}
