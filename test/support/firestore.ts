import { Firestore } from "@google-cloud/firestore";
import { testCloud } from "./cloud.ts";

/**
 * The test cloud's Firestore, past the security rules. The caller terminates it. Another project than the cloud's own
 * is a database in which no function runs.
 */
export function openFirestore(projectId = testCloud().projectId): Firestore {
  const { firestoreHost } = testCloud();
  return new Firestore({
    projectId,
    host: firestoreHost,
    ssl: false,
    customHeaders: { Authorization: "Bearer owner" },
  });
}
