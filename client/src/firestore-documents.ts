import { collection, doc, type Firestore, getDoc, limit, onSnapshot, orderBy, query, where } from "firebase/firestore";
import type { DocumentFields } from "./documents.ts";
import type { JobDocuments } from "./watch.ts";

const WITH_CONNECTION = { includeMetadataChanges: true };

/** Creates the `JobDocuments` of a Firebase app, over the Firestore SDK. */
export function firestoreDocuments(firestore: Firestore): JobDocuments {
  return {
    followJob: (jobId, give, fail) =>
      onSnapshot(
        doc(firestore, "batonJobs", jobId),
        WITH_CONNECTION,
        (snapshot) => give(snapshot.data(), !snapshot.metadata.fromCache),
        fail,
      ),
    followJobs: (owner, count, give, fail) =>
      onSnapshot(
        query(
          collection(firestore, "batonJobs"),
          where("owner", "==", owner),
          orderBy("createdAt", "desc"),
          limit(count),
        ),
        WITH_CONNECTION,
        (snapshot) => {
          const documents = snapshot.docs.map((document) => ({ jobId: document.id, fields: document.data() }));
          give(documents, !snapshot.metadata.fromCache);
        },
        fail,
      ),
    readResult: async (jobId): Promise<DocumentFields | undefined> =>
      (await getDoc(doc(firestore, "batonResults", jobId))).data(),
  };
}
