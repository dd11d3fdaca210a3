import { type DocumentFields, isFinal, jobOfDocument } from "./documents.ts";
import { BatonError } from "./errors.ts";
import { judgeListener, keepFollowing } from "./following.ts";
import { checkDocumentId, noSuchJob } from "./job-id.ts";
import { type ReadResult, readResultWithRetries } from "./result-reader.ts";
import { askAfterSilence } from "./silence.ts";
import type { JobResultView, JobView } from "./views.ts";

/** Gets the changes of one job. No call comes after the watch was stopped. */
export interface JobListener {
  /** Gets the job as it is now, and again after every change. */
  onJob(job: JobView): void;
  /**
   * Gets the result once, when the job is final; reading it is tried until it succeeds. Without this method no result
   * is read.
   */
  onResult?(result: JobResultView): void;
  /**
   * Gets errors. `not-found` and other lasting errors stop the watch. It continues after `malformed-document` (one
   * document cannot be read), and after `listener`, `network` or `unavailable` (three tries in a row failed).
   */
  onError(error: BatonError): void;
  /** Gets false while Firestore is out of reach, when the job may be old, and true once it answers again. */
  onConnection?(isConnected: boolean): void;
}

/** Gets the changes of one owner's jobs. */
export interface JobsListener {
  /** Gets the jobs as they are now, newest first, and again after every change. */
  onJobs(jobs: JobView[]): void;
  /** Gets errors, as `onError` of one job; after `malformed-document` the other jobs still arrive. */
  onError(error: BatonError): void;
  /** Gets false while Firestore is out of reach, when the jobs may be old, and true once it answers again. */
  onConnection?(isConnected: boolean): void;
}

/** The document of a job. */
export interface JobDocument {
  jobId: string;
  fields: DocumentFields;
}

/** Follows and reads the documents of jobs. Any method may throw, or fail with an error that has Firestore's `code`. */
export interface JobDocuments {
  /** Gives the document, or undefined without one, again when it or `isConnected` changes. `fail` ends the listener. */
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
  /** Reads the document of a result; gives undefined when there is none. */
  readResult(jobId: string): Promise<DocumentFields | undefined>;
}

/** The API calls that a watch makes. */
export interface WatchApi {
  job(jobId: string): Promise<JobView>;
  result: ReadResult;
}

/**
 * Follows `batonJobs/{jobId}`, then reads its result: from Firestore, or from the API when the output is stored
 * elsewhere. Asks the API for the job when Firestore is silent about an active one for 30 s: see `askAfterSilence`.
 */
export function watchJob(documents: JobDocuments, jobId: string, listener: JobListener, api: WatchApi): () => void {
  const stopped = new AbortController();
  const shown = jobDisplay(documents, jobId, listener, api, stopped.signal);
  const heardFromServer = askAfterSilence(shown.askApi, shown.settled);
  const isChange = changeDetector();
  let isConnectionChange = changeDetector();
  const give = (fields: DocumentFields | undefined, isConnected: boolean) => {
    if (stopped.signal.aborted) return;
    heardFromServer();
    if (isConnectionChange(isConnected)) listener.onConnection?.(isConnected);
    // A cache that has not reached the server yet knows no document: that is not an answer.
    if ((!fields && !isConnected) || !isChange(fields)) return;
    if (!fields) return listener.onError(noSuchJob(jobId));
    const job = readable(() => jobOfDocument(jobId, fields), listener);
    if (job) shown.show(job);
  };
  const stopFollowing = keepFollowing(
    (heard, fail) => {
      checkDocumentId(jobId);
      return documents.followJob(jobId, heardBy(heard, give), fail);
    },
    judgeListener((cause) => noSuchJob(jobId, cause)),
    (error) => {
      // The connection is reported again once Firestore answers, also when it has not changed.
      isConnectionChange = changeDetector();
      listener.onError(error);
    },
  );
  return () => {
    stopped.abort();
    shown.close();
    stopFollowing();
  };
}

/** Gives the states of one job to its listener, and its result once. */
function jobDisplay(
  documents: JobDocuments,
  jobId: string,
  listener: JobListener,
  api: WatchApi,
  stopped: AbortSignal,
) {
  // Aborts once no change can come: the job is final, or the watch stopped.
  const settled = new AbortController();
  let isResultAsked = false;
  let shownAt = "";
  const show = (job: JobView) => {
    shownAt = job.updatedAt;
    if (isFinal(job)) settled.abort();
    listener.onJob(job);
    if (stopped.aborted || isResultAsked || !listener.onResult || !isFinal(job)) return;
    isResultAsked = true;
    void readResultWithRetries({ documents, jobId, askApi: api.result, listener, stopped });
  };
  const askApi = async () => {
    try {
      const job = await api.job(jobId);
      if (!stopped.aborted && job.updatedAt > shownAt) show(job);
    } catch {
      // The Firestore listener reports what is wrong, and this call is repeated.
    }
  };
  return { show, askApi, settled: settled.signal, close: () => settled.abort() };
}

/** Follows the newest `count` jobs of `owner`. The security rules refuse any owner but the signed-in user. */
export function watchJobsOf(documents: JobDocuments, owner: string, count: number, listener: JobsListener): () => void {
  let isStopped = false;
  const isChange = changeDetector();
  let isConnectionChange = changeDetector();
  const give = (found: readonly JobDocument[], isConnected: boolean) => {
    if (isStopped) return;
    if (isConnectionChange(isConnected)) listener.onConnection?.(isConnected);
    if ((found.length === 0 && !isConnected) || !isChange(found)) return;
    const jobs = found.map(({ jobId, fields }) => readable(() => jobOfDocument(jobId, fields), listener));
    listener.onJobs(jobs.filter((job) => job !== undefined));
  };
  const stopFollowing = keepFollowing(
    (heard, fail) => documents.followJobs(owner, count, heardBy(heard, give), fail),
    judgeListener(
      (cause) => new BatonError("unauthenticated", "Firestore refused these jobs. Sign in again.", { cause }),
    ),
    (error) => {
      // The connection is reported again once Firestore answers, also when it has not changed.
      isConnectionChange = changeDetector();
      listener.onError(error);
    },
  );
  return () => {
    isStopped = true;
    stopFollowing();
  };
}

function heardBy<Value>(heard: () => void, give: (value: Value, isConnected: boolean) => void) {
  return (value: Value, isConnected: boolean) => {
    if (isConnected) heard();
    give(value, isConnected);
  };
}

/**
 * Creates a check that a value differs from the previous one. Firestore also gives unchanged values, to report its
 * connection.
 */
function changeDetector(): (value: unknown) => boolean {
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
