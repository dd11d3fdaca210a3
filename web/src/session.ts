import { type FirebaseApp, FirebaseError, initializeApp } from "firebase/app";
import {
  type Auth,
  connectAuthEmulator,
  GoogleAuthProvider,
  getAuth,
  onAuthStateChanged,
  signInWithCustomToken,
  signInWithPopup,
  type User,
} from "firebase/auth";
import { useEffect, useState } from "react";
import { forgetInputsOfOthers } from "./console/submitted-input.ts";
import { type HostingConfig, readHostingConfig } from "./hosting-config.ts";

/** The project this page belongs to, and its sign-in. */
export interface Project {
  config: HostingConfig;
  app: FirebaseApp;
  auth: Auth;
}

/** Where the page stands: it does not know yet, cannot work, nobody is signed in, or somebody is. */
export type Session =
  | { state: "starting" }
  | { state: "broken"; message: string; tryAgain: () => void }
  | { state: "signed-out"; project: Project }
  | { state: "signed-in"; project: Project; user: User };

/** Opens the project once and follows who is signed in. */
export function useSession(): Session {
  const [session, setSession] = useState<Session>({ state: "starting" });
  const [tries, setTries] = useState(1);
  useEffect(() => {
    let isEnded = false;
    let stop = () => {};
    openProject().then(
      (project) => {
        if (isEnded) return;
        stop = onAuthStateChanged(project.auth, (user) => {
          leaveNothingTo(user?.uid);
          setSession(user ? { state: "signed-in", project, user } : { state: "signed-out", project });
        });
      },
      (error: unknown) => {
        if (isEnded) return;
        const tryAgain = () => {
          setSession({ state: "starting" });
          setTries(tries + 1);
        };
        setSession({ state: "broken", message: messageOf(error), tryAgain });
      },
    );
    return () => {
      isEnded = true;
      stop();
    };
  }, [tries]);
  return session;
}

/** The user before this one, in this tab. */
let lastUid: string | undefined;

/** Takes from the tab what the user before left: the inputs of jobs at once, the address of a job when another user signs in. */
function leaveNothingTo(uid: string | undefined): void {
  forgetInputsOfOthers(uid);
  if (uid === undefined) return;
  if (lastUid !== undefined && lastUid !== uid) window.history.replaceState(null, "", "/");
  lastUid = uid;
}

let opened: Promise<Project> | undefined;

function openProject(): Promise<Project> {
  opened ??= readHostingConfig().then(projectOf);
  const opening = opened;
  opening.catch(() => {
    // A failed start may succeed with the next try.
    if (opened === opening) opened = undefined;
  });
  return opening;
}

function projectOf(config: HostingConfig): Project {
  const app = initializeApp(config.firebase);
  const auth = getAuth(app);
  if (config.emulators) connectAuthEmulator(auth, `http://${config.emulators.authHost}`, { disableWarnings: true });
  return { config, app, auth };
}

/**
 * Signs in on the Auth emulator as the user whose id is `name`, the same one as `npm run token -- name`. Creates the
 * user at the first time.
 */
export async function signInLocally(auth: Auth, name: string): Promise<void> {
  await signInWithCustomToken(auth, localToken(name.trim(), auth.app.options.projectId ?? ""));
}

/** Signs in with Google in a popup. */
export async function signInWithGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(auth, new GoogleAuthProvider());
}

/** What to call a user on the screen. */
export function nameOf(user: User): string {
  return user.displayName?.trim() || user.email?.split("@")[0] || user.uid;
}

/** The sentence to show for an error of sign-in or start-up. */
export function messageOf(error: unknown): string {
  if (error instanceof FirebaseError && error.code === "auth/network-request-failed") {
    return "The sign-in service cannot be reached. Check that it is running, then try again.";
  }
  if (error instanceof FirebaseError && error.code === "auth/popup-closed-by-user")
    return "The sign-in window was closed.";
  if (error instanceof TypeError) return "The server cannot be reached. Check the connection, then try again.";
  return error instanceof Error ? error.message : "Something went wrong. Reload and try again.";
}

/** An unsigned custom token, which only the Auth emulator accepts. Its user id is the name, letter by letter: two names are two users. */
function localToken(uid: string, projectId: string): string {
  const account = `local@${projectId}.iam.gserviceaccount.com`;
  const iat = Math.floor(Date.now() / 1000);
  const aud = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";
  const payload = { aud, iat, exp: iat + 3600, iss: account, sub: account, uid: uid.normalize("NFC"), claims: {} };
  return `${base64Url({ alg: "none", typ: "JWT" })}.${base64Url(payload)}.`;
}

function base64Url(part: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(part));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
