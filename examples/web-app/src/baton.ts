import { createBatonClient } from "@baton/client";
import type { jobs } from "../../../functions/src/jobs/index.ts";
import { auth, firestore } from "./firebase.ts";

/** Submits, watches and cancels jobs as the signed-in user. The list of job types is a type here: none of its code. */
export const baton = createBatonClient<typeof jobs>({
  apiUrl: import.meta.env.VITE_BATON_URL,
  firestore,
  getToken: async (options) => {
    if (!auth.currentUser) throw new Error("No user is signed in.");
    return auth.currentUser.getIdToken(options?.forceRefresh);
  },
});
