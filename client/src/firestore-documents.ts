import type { Firestore } from "firebase/firestore";
import type { DocumentFields } from "./documents.ts";
import type { JobDocuments } from "./watch.ts";

type Sdk = typeof import("firebase/firestore");

const WITH_CONNECTION = { includeMetadataChanges: true };

/**
 * Creates the `JobDocuments` of a Firebase app, over the Firestore SDK. The SDK is loaded when a job is first watched:
 * a server that only submits jobs needs no package `firebase`.
 */
export function firestoreDocuments(firestore: Firestore): JobDocuments {
  return {
    followJob: (jobId, give, fail) =>
      listen(
        ({ doc, onSnapshot }) =>
          onSnapshot(
            doc(firestore, "batonJobs", jobId),
            WITH_CONNECTION,
            (snapshot) => give(snapshot.data(), !snapshot.metadata.fromCache),
            fail,
          ),
        fail,
      ),
    followJobs: (owner, count, give, fail) =>
      listen(
        ({ collection, limit, onSnapshot, orderBy, query, where }) =>
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
        fail,
      ),
    readResult: async (jobId): Promise<DocumentFields | undefined> => {
      const { doc, getDoc } = await loadSdk();
      return (await getDoc(doc(firestore, "batonResults", jobId))).data();
    },
  };
}

function loadSdk(): Promise<Sdk> {
  return import("firebase/firestore");
}

/** Starts a listener once the SDK is there; none after it was stopped. Answers the function that stops it. */
function listen(start: (sdk: Sdk) => () => void, fail: (cause: unknown) => void): () => void {
  let stop: (() => void) | undefined;
  let isStopped = false;
  loadSdk()
    .then((sdk) => {
      if (!isStopped) stop = start(sdk);
    })
    .catch(fail);
  return () => {
    isStopped = true;
    stop?.();
  };
}
