import { BatonError } from "@baton/client";
import { FirebaseError } from "firebase/app";

const SIGN_IN_ERRORS: Record<string, string> = {
  "auth/email-already-in-use": "There is an account with this e-mail address. Sign in instead.",
  "auth/invalid-credential": "The e-mail address or the password is wrong.",
  "auth/user-not-found": "The e-mail address or the password is wrong.",
  "auth/wrong-password": "The e-mail address or the password is wrong.",
  "auth/network-request-failed": "The sign-in service cannot be reached. Try again.",
};

/** Says what went wrong; nothing without an error. */
export function ErrorNote({ error }: { error: unknown }) {
  if (error === undefined) return null;
  return (
    <p className="error" role="alert">
      {textOf(error)}
    </p>
  );
}

function textOf(error: unknown): string {
  if (error instanceof BatonError) return [error.detail, ...error.errors.map(({ message }) => message)].join(" ");
  if (error instanceof FirebaseError) return SIGN_IN_ERRORS[error.code] ?? error.message;
  return "Something went wrong. Try again.";
}
