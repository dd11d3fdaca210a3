import { JobList, JobResultView, type JobStatus, JobView, type SubmitJobRequest, UsageView } from "@baton/protocol";
import type { Firestore } from "firebase/firestore";
import type { JobResultOf, JobTypes } from "./job-types.ts";
import { retrying } from "./retry.ts";
import { createTransport } from "./transport.ts";
import { type JobListener, type JobsListener, watchJob, watchJobsOf } from "./watch.ts";

/** Where the API is and who is calling. */
export interface ClientOptions {
  /** Origin of the API, e.g. `https://api.example.com`; `""` for the page's own origin. Requests go to `${apiUrl}/v1/...`. */
  apiUrl: string;
  /** Gives a fresh ID token, or an API key; asked before every request. */
  getToken: () => Promise<string>;
  /** Needed by `watch` and `watchOwn` only; signed in as the same user. */
  firestore?: Firestore;
  /** Time for one request, in milliseconds. Default 30,000. */
  timeoutMs?: number;
}

/** What may be asked for besides the work itself. */
export type SubmitOptions = Omit<SubmitJobRequest, "type" | "input" | "runAt"> & {
  /** Not to be run before; at most 366 days ahead. */
  runAt?: Date | string;
  /**
   * 1 to 255 printable characters. Name one that outlives this process (an order's number, say) to have one job however
   * often the program submits it. Default: a fresh one for each call.
   */
  idempotencyKey?: string;
  /** Calls the submission off, and what is left of its tries. */
  signal?: AbortSignal;
};

/** Which own jobs to list, newest first. */
export interface ListOptions {
  status?: JobStatus;
  type?: string;
  tag?: string;
  /** 1 to 100; default 20. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** One user's view of Baton. Every method rejects with `BatonError`; only `submit` repeats a request: the rest is the caller's choice. */
export interface BatonClient<Types = JobTypes> {
  /**
   * Submits a job and gives it back as stored, with its id. Every submission has an idempotency key, so it is tried up to
   * four times when no answer comes, a service is away, or a quota is given back within 10 s, and is stored once at most.
   * A `network` or `unavailable` error leaves open whether it was stored: submit again with the same `idempotencyKey`.
   */
  submit<Type extends keyof Types & string>(
    type: Type,
    input: Types[Type] extends { input: infer Input } ? Input : never,
    options?: SubmitOptions,
  ): Promise<JobView>;
  /** Reads one job; `not-found` when there is none, or it is somebody else's. Safe to repeat. */
  job(jobId: string): Promise<JobView>;
  /** Lists own jobs. Safe to repeat. */
  list(options?: ListOptions): Promise<JobList>;
  /** Reads the outcome of a finished job; `not-finished` before that. Safe to repeat. */
  result(jobId: string): Promise<JobResultView>;
  /**
   * Asks for a job to end. One that waits is `cancelled` in the answer; one that runs has `cancelRequested` and is
   * cancelled once its handler stopped; one that ended otherwise rejects with `already-final`. Safe to repeat.
   */
  cancel(jobId: string): Promise<JobView>;
  /** Reads what the caller may use, and has used. Safe to repeat. */
  usage(): Promise<UsageView>;
  /** Follows one job through a Firestore listener until the returned function is called. */
  watch(jobId: string, listener: JobListener): () => void;
  /** Follows the newest jobs of `owner` (the signed-in uid) until the returned function is called. At most `limit`, default 50. */
  watchOwn(owner: string, listener: JobsListener, options?: { limit?: number }): () => void;
  /** Narrows a result to its job type. The server checked the output against the type's schema before it stored it. */
  isResultOf<Type extends keyof Types & string>(
    type: Type,
    result: JobResultView,
  ): result is JobResultView & JobResultOf<Types, Type>;
}

/** Builds a client; sends nothing yet. Works in Node and in browsers. */
export function createBatonClient<Types = JobTypes>(options: ClientOptions): BatonClient<Types> {
  const request = createTransport(options);
  const firestore = (): Firestore => {
    if (options.firestore) return options.firestore;
    throw new TypeError("createBatonClient was given no firestore, which watch and watchOwn need");
  };
  const result = (jobId: string) => request("GET", `/v1/jobs/${encodeURIComponent(jobId)}/result`, JobResultView);
  return {
    submit: (type, input, { idempotencyKey = randomKey(), signal, ...more } = {}) => {
      const headers = { "idempotency-key": idempotencyKey };
      const content = { body: { type, input, ...more }, headers, signal };
      return retrying(() => request("POST", "/v1/jobs", JobView, content), signal);
    },
    job: (jobId) => request("GET", `/v1/jobs/${encodeURIComponent(jobId)}`, JobView),
    list: (query = {}) => request("GET", `/v1/jobs${queryOf(query)}`, JobList),
    result,
    cancel: (jobId) => request("DELETE", `/v1/jobs/${encodeURIComponent(jobId)}`, JobView),
    usage: () => request("GET", "/v1/usage", UsageView),
    watch: (jobId, listener) => watchJob(firestore(), jobId, listener, result),
    watchOwn: (owner, listener, { limit = 50 } = {}) => watchJobsOf(firestore(), owner, limit, listener),
    isResultOf: (type, candidate): candidate is never => candidate.type === type,
  };
}

/** Not `crypto.randomUUID`, which pages of plain http do not have: a console on a machine of the local network, say. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function queryOf(options: ListOptions): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size > 0 ? `?${parameters}` : "";
}
