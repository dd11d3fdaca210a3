import { randomBytes } from "node:crypto";
import { type BatonClient, createBatonClient, type JobResultView, type JobView } from "@baton/client";
import { deleteApp, initializeApp } from "firebase/app";
import { connectAuthEmulator, createUserWithEmailAndPassword, getAuth } from "firebase/auth";
import { connectFirestoreEmulator, getFirestore, setLogLevel, terminate } from "firebase/firestore";
import type { Addresses } from "../addresses.ts";

/** Somebody who uses Baton the way a web page does: the Firebase web SDK for sign-in and listening, the client for the rest. */
export interface SignedInUser {
  email: string;
  uid: string;
  client: BatonClient;
  signOut(): Promise<void>;
}

/** Signs a new user up at the Auth emulator. */
export async function signUp(addresses: Addresses): Promise<SignedInUser> {
  const { projectId, authHost, firestoreHost, apiUrl } = addresses;
  const app = initializeApp({ projectId, apiKey: "local" }, `demo-${randomBytes(4).toString("hex")}`);
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${authHost}`, { disableWarnings: true });
  const email = "ada@example.com";
  const { user } = await createUserWithEmailAndPassword(auth, email, randomBytes(12).toString("hex"));
  const firestore = getFirestore(app);
  setLogLevel("error");
  const [host = "", port = ""] = firestoreHost.split(":");
  connectFirestoreEmulator(firestore, host, Number(port));
  const client = createBatonClient({
    apiUrl,
    getToken: (options) => user.getIdToken(options?.forceRefresh),
    firestore,
  });
  const signOut = async () => {
    await terminate(firestore);
    await deleteApp(app);
  };
  return { email, uid: user.uid, client, signOut };
}

/** Follows a job through the Firestore listener to its end; rejects when the watch fails or the signal aborts. */
export function followJob(
  client: BatonClient,
  jobId: string,
  onJob: (job: JobView) => void,
  signal: AbortSignal,
): Promise<JobResultView> {
  const outcome = Promise.withResolvers<JobResultView>();
  const stop = client.watch(jobId, { onJob, onResult: outcome.resolve, onError: outcome.reject });
  signal.addEventListener("abort", () => outcome.reject(signal.reason), { once: true });
  return outcome.promise.finally(stop);
}
