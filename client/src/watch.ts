import type { JobResultView, JobView } from "@baton/protocol";
import { collection, doc, type Firestore, getDoc, limit, onSnapshot, orderBy, query, where } from "firebase/firestore";
import { isFinished, jobOfDocument, resultOfDocument } from "./documents.ts";
import { BatonError } from "./errors.ts";

/** What follows one job. No call comes after the watch was ended. */
export interface JobListener {
  /** The job as it is now, and again after every change. */
  onJob(job: JobView): void;
  /** The outcome, once, when the job has ended. Leave it out and the result is not read. */
  onResult?(result: JobResultView): void;
  /** The watch has ended, or one document could not be read (`malformed-document`; the watch goes on). */
  onError(error: BatonError): void;
}

/** What follows the jobs of one owner. */
export interface JobsListener {
  /** The jobs as they are now, newest first, and again after every change. */
  onJobs(jobs: JobView[]): void;
  /** The watch has ended, or one document could not be read (`malformed-document`; the others still arrive). */
  onError(error: BatonError): void;
}

/** Follows `jobs/{jobId}`, then reads its result: from Firestore, or by `readResult` when the output is stored elsewhere. */
export function watchJob(
  firestore: Firestore,
  jobId: string,
  listener: JobListener,
  readResult: (jobId: string) => Promise<JobResultView>,
): () => void {
  let isEnded = false;
  let isResultAsked = false;
  const deliverResult = async (): Promise<void> => {
    try {
      const result = await resultOf(firestore, jobId, readResult);
      if (!isEnded) listener.onResult?.(result);
    } catch (cause) {
      isResultAsked = false;
      if (!isEnded) listener.onError(listenerError(cause, jobId));
    }
  };
  const stop = onSnapshot(
    doc(firestore, "jobs", jobId),
    (snapshot) => {
      const fields = snapshot.data();
      // A cache that has not met the server yet knows of no document: that is not an answer.
      if (!fields && snapshot.metadata.fromCache) return;
      if (!fields) return listener.onError(notFound(jobId));
      const job = readable(() => jobOfDocument(jobId, fields), listener);
      if (!job) return;
      listener.onJob(job);
      if (isEnded || isResultAsked || !listener.onResult || !isFinished(job)) return;
      isResultAsked = true;
      void deliverResult();
    },
    (cause) => listener.onError(listenerError(cause, jobId)),
  );
  return () => {
    isEnded = true;
    stop();
  };
}

/** Follows the newest `count` jobs of `owner`; the rules refuse any owner but the signed-in user. */
export function watchJobsOf(firestore: Firestore, owner: string, count: number, listener: JobsListener): () => void {
  const own = query(
    collection(firestore, "jobs"),
    where("owner", "==", owner),
    orderBy("createdAt", "desc"),
    limit(count),
  );
  return onSnapshot(
    own,
    (snapshot) => {
      if (snapshot.empty && snapshot.metadata.fromCache) return;
      const jobs = snapshot.docs.map((document) =>
        readable(() => jobOfDocument(document.id, document.data()), listener),
      );
      listener.onJobs(jobs.filter((job) => job !== undefined));
    },
    (cause) => listener.onError(listenerError(cause)),
  );
}

async function resultOf(
  firestore: Firestore,
  jobId: string,
  readResult: (jobId: string) => Promise<JobResultView>,
): Promise<JobResultView> {
  const fields = (await getDoc(doc(firestore, "results", jobId))).data();
  const result = fields && resultOfDocument(jobId, fields);
  return result && (result.status !== "completed" || result.output !== undefined) ? result : readResult(jobId);
}

function readable(read: () => JobView, listener: { onError(error: BatonError): void }): JobView | undefined {
  try {
    return read();
  } catch (cause) {
    listener.onError(listenerError(cause));
    return undefined;
  }
}

/** The rules answer alike for a job that does not exist and for somebody else's. */
function listenerError(cause: unknown, jobId?: string): BatonError {
  if (cause instanceof BatonError) return cause;
  if (isRefusal(cause)) {
    return jobId === undefined
      ? new BatonError("unauthenticated", "Firestore refused these jobs. Sign in again.", { cause })
      : notFound(jobId, cause);
  }
  return new BatonError("listener", "The connection to Firestore ended. Reload to go on.", { cause });
}

/** Told by its code: the SDK resets the prototype of its errors, so that none is an `instanceof FirestoreError`. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "permission-denied";
}

function notFound(jobId: string, cause?: unknown): BatonError {
  return new BatonError("not-found", `There is no job ${jobId}, or it belongs to somebody else.`, { cause });
}
