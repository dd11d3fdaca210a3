import { Firestore } from "@google-cloud/firestore";
import { testCloud } from "./cloud.ts";

/** The test cloud's Firestore, past the security rules. Whoever opens it terminates it. */
export function openFirestore(): Firestore {
  const { firestoreHost, projectId } = testCloud();
  return new Firestore({
    projectId,
    host: firestoreHost,
    ssl: false,
    customHeaders: { Authorization: "Bearer owner" },
  });
}
