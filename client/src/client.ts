import { FileName, type JobStatus } from "@baton/protocol";
import type { Firestore } from "firebase/firestore";
import { BatonError } from "./errors.ts";
import { firestoreDocuments } from "./firestore-documents.ts";
import { checkJobId } from "./job-id.ts";
import type { JobInput, JobName, JobResultOf, JobTypeMap } from "./job-types.ts";
import type { Open } from "./open.ts";
import { type SubmitOptions, submitJob } from "./submit.ts";
import { createTransport, type GetToken } from "./transport.ts";
import {
  answers,
  type CatalogEntry,
  catalogAnswer,
  type JobList,
  type JobResultView,
  type JobTypeList,
  type JobView,
  type RotatedWebhookSecret,
  type UsageView,
  type WebhookSecret,
} from "./views.ts";
import { type JobListener, type JobsListener, watchJob, watchJobsOf } from "./watch.ts";

/** The address of the API and the caller. */
export interface ClientOptions {
  /**
   * Origin of the API, e.g. `https://api.example.com`; `""`, in a page, for the page's own origin. Requests go to
   * `${apiUrl}/v1/...`.
   */
  apiUrl: string;
  /**
   * Gives an ID token, or an API key; called before every request. After an answer of 401 it is called once more, with
   * `forceRefresh: true`: `(options) => user.getIdToken(options?.forceRefresh)`.
   */
  getToken: GetToken;
  /** Needed by `watch` and `watchOwn` only; signed in as the same user. */
  firestore?: Firestore;
  /** Time for one request in milliseconds, from asking for the token to the last byte of the answer. Default 30,000. */
  timeoutMs?: number;
}

/** Selects which of the caller's jobs to list. */
export interface ListOptions {
  status?: Open<JobStatus>;
  type?: string;
  tag?: string;
  /** 1 to 100; default 20. */
  limit?: number;
  /** `nextCursor` of the previous page. */
  cursor?: string;
}

/**
 * The API of Baton for one caller. Every method that returns a promise rejects with `BatonError`, and never throws
 * before it returns the promise. Only `submit` repeats a failed request. Values and fields of a newer server pass
 * through: a status, a code, a field.
 */
export interface BatonClient<Jobs = JobTypeMap> {
  /**
   * Submits a job and gives the job as stored, with its id. The idempotency key makes it safe to repeat: the job is
   * stored at most once. Up to four tries: after an incomplete answer, an unavailable service, or a quota that resets
   * within 10 s. After a `network` or `unavailable` error the job may be stored: submit it again with the same
   * `idempotencyKey`.
   */
  submit<Type extends JobName<Jobs>>(
    type: Type,
    input: JobInput<Jobs, Type>,
    options?: SubmitOptions,
  ): Promise<JobView>;
  /** Reads one job. Rejects with `not-found` for an unknown id and for a job of another owner. Safe to repeat. */
  job(jobId: string): Promise<JobView>;
  /** Lists the caller's jobs, newest first. Safe to repeat. */
  list(options?: ListOptions): Promise<JobList>;
  /** Reads the result of a final job. Rejects with `not-final` before that. Safe to repeat. */
  result(jobId: string): Promise<JobResultView>;
  /**
   * Downloads a file that a job wrote, such as `report.pdf`, into memory; `type` of the blob is the file's content type.
   * Waits for at most 10 minutes, whatever `timeoutMs` is. Rejects with `not-found` for an unknown job or name. Safe to
   * repeat.
   */
  file(jobId: string, name: string, options?: { signal?: AbortSignal }): Promise<Blob>;
  /**
   * Cancels a job. A waiting job is `cancelled` in the answer. A running job has `cancelRequested`, and is cancelled
   * once its handler stopped. Rejects with `already-final` for a completed or failed job. Safe to repeat.
   */
  cancel(jobId: string): Promise<JobView>;
  /** Lists the job types of the deployment, with the JSON Schemas of input and output. Safe to repeat. */
  types(): Promise<JobTypeList>;
  /**
   * Lists a catalog: what the inputs of job types choose from, such as presets, as their `catalogs` declare it. Rejects
   * with `not-found` when no job type has one of this name. Safe to repeat.
   */
  catalog(name: string): Promise<CatalogEntry[]>;
  /** Reads the caller's limits and usage. Safe to repeat. */
  usage(): Promise<UsageView>;
  /** Reads the secret that signs the webhooks of the caller's jobs, for `verifyWebhook`. Safe to repeat. */
  webhookSecret(): Promise<WebhookSecret>;
  /**
   * Replaces the secret that `webhookSecret` reads. Earlier secrets also sign for `overlapSeconds`: 0 to 604,800
   * (7 days), default 86,400; 0 stops them at once. Not idempotent: every call creates a secret. When its answer is
   * lost, `webhookSecret` reads the newest secret.
   */
  rotateWebhookSecret(options?: { overlapSeconds?: number }): Promise<RotatedWebhookSecret>;
  /** Follows one job through a Firestore listener until the returned function is called. Errors go to `onError`. */
  watch(jobId: string, listener: JobListener): () => void;
  /**
   * Follows the newest jobs of `owner`, the signed-in uid, until the returned function is called; `limit` is 50 by
   * default.
   */
  watchOwn(owner: string, listener: JobsListener, options?: { limit?: number }): () => void;
  /**
   * Narrows a result to a job type, by its `type` alone: the server checks an output against the schema before it
   * stores it.
   */
  isResultOf<Type extends JobName<Jobs>>(
    type: Type,
    result: JobResultView,
  ): result is JobResultView & JobResultOf<Jobs, Type>;
}

/**
 * Creates a client, in Node or in a browser, and sends nothing. The type argument is the list of the deployment's job
 * types, imported as a type: `createBatonClient<typeof jobs>(...)`. A map of types does as well, where the list is in
 * another repository: `createBatonClient<{ "image.resize": { input: ResizeInput; output: ResizeOutput } }>(...)`.
 * Without it any job type can be submitted, with any input.
 */
export function createBatonClient<Jobs = JobTypeMap>(options: ClientOptions): BatonClient<Jobs> {
  const transport = createTransport(options);
  const { request } = transport;
  const documents = () => {
    if (options.firestore) return firestoreDocuments(options.firestore);
    const detail = "createBatonClient was given no firestore, which watch and watchOwn need.";
    throw new BatonError("invalid-argument", detail);
  };
  const result = (jobId: string) => guarded(async () => request("GET", `${pathOf(jobId)}/result`, answers.result));
  const job = (jobId: string) => guarded(async () => request("GET", pathOf(jobId), answers.job));
  return {
    submit: (type, input, more) => guarded(() => submitJob(transport, type, input, more ?? {})),
    job,
    list: (query) => guarded(async () => request("GET", `/v1/jobs${queryOf(query ?? {})}`, answers.jobs)),
    result,
    file: (jobId, name, { signal } = {}) =>
      guarded(async () => {
        const headers = { accept: "application/json" };
        const { url } = await request("GET", filePathOf(jobId, name), answers.fileAddress, { headers, signal });
        return transport.download(url, signal);
      }),
    cancel: (jobId) => guarded(async () => request("DELETE", pathOf(jobId), answers.job)),
    types: () => guarded(async () => request("GET", "/v1/types", answers.types)),
    catalog: (name) => guarded(async () => request("GET", catalogPathOf(name), catalogAnswer(name))),
    usage: () => guarded(async () => request("GET", "/v1/usage", answers.usage)),
    webhookSecret: () => guarded(async () => request("GET", "/v1/webhook-secret", answers.webhookSecret)),
    rotateWebhookSecret: (body = {}) =>
      guarded(async () => request("POST", "/v1/webhook-secret/rotate", answers.rotatedWebhookSecret, { body })),
    watch: (jobId, listener) => watchJob(documents(), jobId, listener, { job, result }),
    watchOwn: (owner, listener, { limit = 50 } = {}) => watchJobsOf(documents(), owner, limit, listener),
    isResultOf: (type, candidate): candidate is never => candidate.type === type,
  };
}

/**
 * Turns an error that is thrown before a request is made into a rejection with `invalid-argument`: the argument caused
 * it.
 */
async function guarded<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof BatonError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError("invalid-argument", `The request cannot be sent: ${reason}`, { cause });
  }
}

function pathOf(jobId: string): string {
  checkJobId(jobId);
  return `/v1/jobs/${encodeURIComponent(jobId)}`;
}

/** A name that no file can have is a mistake of the program: `..` would lead to the job itself. */
function filePathOf(jobId: string, name: string): string {
  const checked = FileName.safeParse(name);
  if (checked.success) return `${pathOf(jobId)}/files/${name}`;
  throw new BatonError("invalid-argument", `A file's name ${checked.error.issues[0]?.message ?? "is missing"}.`);
}

/** Any other name would lead elsewhere in the API, or to no catalog. */
function catalogPathOf(name: string): string {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(name)) return `/v1/${name}`;
  throw new BatonError("invalid-argument", `A catalog's name has a-z, 0-9 and -: ${JSON.stringify(name)} is none.`);
}

function queryOf(options: ListOptions): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) parameters.set(name, String(value));
  const query = parameters.toString();
  return query && `?${query}`;
}
