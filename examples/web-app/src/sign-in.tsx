import { createUserWithEmailAndPassword, signInWithEmailAndPassword } from "firebase/auth";
import { type SubmitEvent, useState } from "react";
import { ErrorNote } from "./error-note.tsx";
import { auth } from "./firebase.ts";
import { useAction } from "./use-action.ts";

/** Signs in by e-mail address and password, or creates an account. `App` shows the jobs once there is a user. */
export function SignIn() {
  const [isNew, setIsNew] = useState(false);
  const { run, isBusy, error } = useAction();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const signIn = isNew ? createUserWithEmailAndPassword : signInWithEmailAndPassword;
    run(() => signIn(auth, String(fields.get("email")), String(fields.get("password"))));
  };
  return (
    <main className="narrow">
      <h1>Mood</h1>
      <p className="quiet">Find out how people feel about your video.</p>
      <form className="card" onSubmit={submit}>
        <label>
          E-mail
          <input name="email" type="email" autoComplete="email" required />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autoComplete={isNew ? "new-password" : "current-password"}
            minLength={6}
            required
          />
        </label>
        <ErrorNote error={error} />
        <button type="submit" disabled={isBusy}>
          {isNew ? "Create account" : "Sign in"}
        </button>
        <button type="button" className="link" onClick={() => setIsNew(!isNew)}>
          {isNew ? "I have an account" : "I am new here"}
        </button>
      </form>
    </main>
  );
}
