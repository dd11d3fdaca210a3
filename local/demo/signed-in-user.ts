import { randomBytes } from "node:crypto";
import { type BatonClient, createBatonClient, type JobResultView, type JobView } from "@baton/client";
import { deleteApp, initializeApp } from "firebase/app";
import { connectAuthEmulator, getAuth, signInWithCustomToken } from "firebase/auth";
import { connectFirestoreEmulator, getFirestore, setLogLevel, terminate } from "firebase/firestore";
import type { jobs } from "../../functions/src/jobs/index.ts";
import type { Addresses } from "../addresses.ts";
import { customToken } from "../users.ts";

/** A user of Baton as in a web page: the Firebase web SDK for sign-in and listening, the client for the rest. */
export interface SignedInUser {
  uid: string;
  client: BatonClient<typeof jobs>;
  signOut(): Promise<void>;
}

/**
 * Signs the user in at the Auth emulator: the same as `npm run token` with this uid, and the console with this name.
 */
export async function signInAs(uid: string, addresses: Addresses): Promise<SignedInUser> {
  const { projectId, authHost, firestoreHost, apiUrl } = addresses;
  const app = initializeApp({ projectId, apiKey: "local" }, `demo-${randomBytes(4).toString("hex")}`);
  const auth = getAuth(app);
  connectAuthEmulator(auth, `http://${authHost}`, { disableWarnings: true });
  const { user } = await signInWithCustomToken(auth, customToken(uid));
  const firestore = getFirestore(app);
  setLogLevel("error");
  const [host = "", port = ""] = firestoreHost.split(":");
  connectFirestoreEmulator(firestore, host, Number(port));
  const client = createBatonClient<typeof jobs>({
    apiUrl,
    getToken: (options) => user.getIdToken(options?.forceRefresh),
    firestore,
  });
  const signOut = async () => {
    await terminate(firestore);
    await deleteApp(app);
  };
  return { uid: user.uid, client, signOut };
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
