import { type DocumentFields, isFinished, jobOfDocument } from "./documents.ts";
import { BatonError } from "./errors.ts";
import { judgeListener, keepFollowing } from "./following.ts";
import { checkDocumentId, noSuchJob } from "./job-id.ts";
import { type ReadResult, readUntilRead } from "./result-reader.ts";
import { askAfterSilence } from "./silence.ts";
import type { JobResultView, JobView } from "./views.ts";

/** What follows one job. No call comes after the watch was ended. */
export interface JobListener {
  /** The job as it is now, and again after every change. */
  onJob(job: JobView): void;
  /** The outcome, once, when the job has ended: reading it is tried until it succeeds. Leave it out and the result is not read. */
  onResult?(result: JobResultView): void;
  /**
   * `not-found` and other errors that no second try mends end the watch. After `malformed-document` (one document could not be read) and
   * after `listener`, `network` or `unavailable` (three tries in a row failed) it continues, and recovers when it can.
   */
  onError(error: BatonError): void;
  /** False while Firestore is out of reach, so that the job last shown may be old; true once it answers again. */
  onConnection?(isConnected: boolean): void;
}

/** What follows the jobs of one owner. */
export interface JobsListener {
  /** The jobs as they are now, newest first, and again after every change. */
  onJobs(jobs: JobView[]): void;
  /** As `onError` of one job; after `malformed-document` the other jobs still arrive. */
  onError(error: BatonError): void;
  /** False while Firestore is out of reach, so that the jobs last shown may be old; true once it answers again. */
  onConnection?(isConnected: boolean): void;
}

/** A stored job as Firestore has it. */
export interface JobDocument {
  jobId: string;
  fields: DocumentFields;
}

/** Where the documents of jobs are followed and read. Any method may throw, or fail with an error that has Firestore's `code`. */
export interface JobDocuments {
  /** Gives the document, or undefined when there is none, again when it or `isConnected` changes; `fail` is the end of it. */
  followJob(
    jobId: string,
    give: (fields: DocumentFields | undefined, isConnected: boolean) => void,
    fail: (cause: unknown) => void,
  ): () => void;
  /** Gives the newest `count` documents of `owner`, again when they or `isConnected` change. */
  followJobs(
    owner: string,
    count: number,
    give: (documents: readonly JobDocument[], isConnected: boolean) => void,
    fail: (cause: unknown) => void,
  ): () => void;
  /** Undefined when there is no such document. */
  readResult(jobId: string): Promise<DocumentFields | undefined>;
}

/** The API calls that a watch makes. */
export interface WatchApi {
  job(jobId: string): Promise<JobView>;
  result: ReadResult;
}

/**
 * Follows `jobs/{jobId}`, then reads its result: from Firestore, or from the API when the output is stored elsewhere. Asks the API
 * for the job, too, when Firestore says nothing of an unfinished one for 30 s: see `askAfterSilence`.
 */
export function watchJob(documents: JobDocuments, jobId: string, listener: JobListener, api: WatchApi): () => void {
  const ended = new AbortController();
  const finished = new AbortController();
  const isChange = changes();
  let connection = changes();
  let isResultAsked = false;
  let shownAt = "";
  const show = (job: JobView) => {
    shownAt = job.updatedAt;
    if (isFinished(job)) finished.abort();
    listener.onJob(job);
    if (ended.signal.aborted || isResultAsked || !listener.onResult || !isFinished(job)) return;
    isResultAsked = true;
    void readUntilRead({ documents, jobId, askApi: api.result, listener, ended: ended.signal });
  };
  const askJob = async () => {
    try {
      const job = await api.job(jobId);
      if (!ended.signal.aborted && job.updatedAt > shownAt) show(job);
    } catch {
      // The listener tells what is wrong; this question comes again.
    }
  };
  const spoken = askAfterSilence(askJob, finished.signal);
  const give = (fields: DocumentFields | undefined, isConnected: boolean) => {
    if (ended.signal.aborted) return;
    spoken();
    if (connection(isConnected)) listener.onConnection?.(isConnected);
    // A cache that has not met the server yet knows of no document: that is not an answer.
    if ((!fields && !isConnected) || !isChange(fields)) return;
    if (!fields) return listener.onError(noSuchJob(jobId));
    const job = readable(() => jobOfDocument(jobId, fields), listener);
    if (job) show(job);
  };
  const stop = keepFollowing(
    (heard, fail) => {
      checkDocumentId(jobId);
      return documents.followJob(jobId, heardBy(heard, give), fail);
    },
    judgeListener((cause) => noSuchJob(jobId, cause)),
    (error) => {
      // Said again when it answers again, also when nothing else has changed.
      connection = changes();
      listener.onError(error);
    },
  );
  return () => {
    ended.abort();
    finished.abort();
    stop();
  };
}

/** Follows the newest `count` jobs of `owner`; the rules refuse any owner but the signed-in user. */
export function watchJobsOf(documents: JobDocuments, owner: string, count: number, listener: JobsListener): () => void {
  let isEnded = false;
  const isChange = changes();
  let connection = changes();
  const give = (found: readonly JobDocument[], isConnected: boolean) => {
    if (isEnded) return;
    if (connection(isConnected)) listener.onConnection?.(isConnected);
    if ((found.length === 0 && !isConnected) || !isChange(found)) return;
    const jobs = found.map(({ jobId, fields }) => readable(() => jobOfDocument(jobId, fields), listener));
    listener.onJobs(jobs.filter((job) => job !== undefined));
  };
  const stop = keepFollowing(
    (heard, fail) => documents.followJobs(owner, count, heardBy(heard, give), fail),
    judgeListener(
      (cause) => new BatonError("unauthenticated", "Firestore refused these jobs. Sign in again.", { cause }),
    ),
    (error) => {
      // Said again when it answers again, also when nothing else has changed.
      connection = changes();
      listener.onError(error);
    },
  );
  return () => {
    isEnded = true;
    stop();
  };
}

function heardBy<Value>(heard: () => void, give: (value: Value, isConnected: boolean) => void) {
  return (value: Value, isConnected: boolean) => {
    if (isConnected) heard();
    give(value, isConnected);
  };
}

/** Says whether a value differs from the one before: Firestore also gives what did not change, to say that it is connected. */
function changes(): (value: unknown) => boolean {
  let last: string | undefined;
  return (value) => {
    const now = JSON.stringify([value]);
    const isChange = now !== last;
    last = now;
    return isChange;
  };
}

function readable(read: () => JobView, listener: { onError(error: BatonError): void }): JobView | undefined {
  try {
    return read();
  } catch (cause) {
    listener.onError(
      cause instanceof BatonError ? cause : new BatonError("malformed-document", String(cause), { cause }),
    );
    return undefined;
  }
}
