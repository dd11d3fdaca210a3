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

/** The Firebase project of this page, and its sign-in. */
export interface Project {
  config: HostingConfig;
  app: FirebaseApp;
  auth: Auth;
}

/** State of the page: starting, unable to start, without a signed-in user, or with one. */
export type Session =
  | { state: "starting" }
  | { state: "broken"; message: string; tryAgain: () => void }
  | { state: "signed-out"; project: Project }
  | { state: "signed-in"; project: Project; user: User };

/** Opens the project once and follows the signed-in user. */
export function useSession(): Session {
  const [session, setSession] = useState<Session>({ state: "starting" });
  const [tries, setTries] = useState(1);
  useEffect(() => {
    let isUnmounted = false;
    let stop = () => {};
    openProject().then(
      (project) => {
        if (isUnmounted) return;
        stop = onAuthStateChanged(project.auth, (user) => {
          forgetPreviousUser(user?.uid);
          setSession(user ? { state: "signed-in", project, user } : { state: "signed-out", project });
        });
      },
      (error: unknown) => {
        if (isUnmounted) return;
        const tryAgain = () => {
          setSession({ state: "starting" });
          setTries(tries + 1);
        };
        setSession({ state: "broken", message: messageOf(error), tryAgain });
      },
    );
    return () => {
      isUnmounted = true;
      stop();
    };
  }, [tries]);
  return session;
}

/** The last signed-in user of this tab. */
let lastUid: string | undefined;

/**
 * Removes traces of the previous user from the tab: inputs of jobs at once, the address of a job when another user
 * signs in.
 */
function forgetPreviousUser(uid: string | undefined): void {
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
    // The next try opens the project again.
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
 * Signs in at the Auth emulator as the user with the id `name`, the same user as of `npm run token -- name`. Creates an
 * unknown user.
 */
export async function signInLocally(auth: Auth, name: string): Promise<void> {
  await signInWithCustomToken(auth, localToken(name.trim(), auth.app.options.projectId ?? ""));
}

/** Signs in with Google in a pop-up window. */
export async function signInWithGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(auth, new GoogleAuthProvider());
}

/** Gives the name of a user for the screen. */
export function nameOf(user: User): string {
  return user.displayName?.trim() || user.email?.split("@")[0] || user.uid;
}

/** Gives the sentence to show for an error of sign-in or start-up. */
export function messageOf(error: unknown): string {
  if (error instanceof FirebaseError && error.code === "auth/network-request-failed") {
    return "The sign-in service cannot be reached. Check that it is running, then try again.";
  }
  if (error instanceof FirebaseError && error.code === "auth/popup-closed-by-user")
    return "The sign-in window was closed.";
  if (error instanceof TypeError) return "The server cannot be reached. Check the connection, then try again.";
  return error instanceof Error ? error.message : "Something went wrong. Reload and try again.";
}

/**
 * Makes an unsigned custom token, which only the Auth emulator accepts. The name is the user id: two names are two
 * users.
 */
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
