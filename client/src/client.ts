import { IdempotencyKey, type JobStatus, type SubmitJobRequest } from "@baton/protocol";
import type { Firestore } from "firebase/firestore";
import { BatonError } from "./errors.ts";
import { firestoreDocuments } from "./firestore-documents.ts";
import { checkJobId } from "./job-id.ts";
import type { JobInput, JobName, JobResultOf, JobTypeMap } from "./job-types.ts";
import type { Open } from "./open.ts";
import { retrying } from "./retry.ts";
import { createTransport, type GetToken } from "./transport.ts";
import {
  answers,
  type JobList,
  type JobResultView,
  type JobTypeList,
  type JobView,
  type RotatedWebhookSecret,
  type UsageView,
  type WebhookSecret,
} from "./views.ts";
import { type JobListener, type JobsListener, watchJob, watchJobsOf } from "./watch.ts";

/** Where the API is and who is calling. */
export interface ClientOptions {
  /** Origin of the API, e.g. `https://api.example.com`; `""`, in a page, for the page's own origin. Requests go to `${apiUrl}/v1/...`. */
  apiUrl: string;
  /**
   * Gives an ID token, or an API key; asked before every request. After an answer of 401 it is asked once more, with
   * `forceRefresh: true`: `(options) => user.getIdToken(options?.forceRefresh)`.
   */
  getToken: GetToken;
  /** Needed by `watch` and `watchOwn` only; signed in as the same user. */
  firestore?: Firestore;
  /** Time for one request in milliseconds, from asking for the token to the last byte of the answer. Default 30,000. */
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
  status?: Open<JobStatus>;
  type?: string;
  tag?: string;
  /** 1 to 100; default 20. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/**
 * One user's view of Baton. Every method rejects with `BatonError`, and none throws before it returns its promise. Only `submit` repeats
 * a request that failed: the rest is the caller's choice. What a newer server answers passes through: a status, a code, a field.
 */
export interface BatonClient<Jobs = JobTypeMap> {
  /**
   * Submits a job and gives it back as stored, with its id. Every submission has an idempotency key, so it is stored
   * once at most. It is tried up to four times: when no whole answer comes, a service is away, or a quota is given back
   * within 10 s. A `network` or `unavailable` error leaves open whether it was stored: submit again with the same
   * `idempotencyKey`.
   */
  submit<Type extends JobName<Jobs>>(
    type: Type,
    input: JobInput<Jobs, Type>,
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
  /** Lists the job types of the deployment, with the JSON Schemas of input and output. Safe to repeat. */
  types(): Promise<JobTypeList>;
  /** Reads what the caller may use, and has used. Safe to repeat. */
  usage(): Promise<UsageView>;
  /** Reads the secret that signs the webhooks of own jobs, for `verifyWebhook`. Safe to repeat. */
  webhookSecret(): Promise<WebhookSecret>;
  /**
   * Replaces that secret. The ones before it sign beside it for `overlapSeconds`: 0 to 604,800 (7 days), default a day; 0 ends them at
   * once. Every call makes another one; when its answer is lost, `webhookSecret` reads the newest.
   */
  rotateWebhookSecret(options?: { overlapSeconds?: number }): Promise<RotatedWebhookSecret>;
  /** Follows one job through a Firestore listener until the returned function is called; what is wrong comes to `onError`. */
  watch(jobId: string, listener: JobListener): () => void;
  /** Follows the newest jobs of `owner` (the signed-in uid) until the returned function is called. At most `limit`, default 50. */
  watchOwn(owner: string, listener: JobsListener, options?: { limit?: number }): () => void;
  /** Narrows a result to its job type. The server checked the output against the type's schema before it stored it. */
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
  const request = createTransport(options);
  const documents = () => {
    if (options.firestore) return firestoreDocuments(options.firestore);
    const detail = "createBatonClient was given no firestore, which watch and watchOwn need.";
    throw new BatonError("invalid-argument", detail);
  };
  const result = (jobId: string) => guarded(async () => request("GET", `${pathOf(jobId)}/result`, answers.result));
  const job = (jobId: string) => guarded(async () => request("GET", pathOf(jobId), answers.job));
  return {
    submit: (type, input, more) => guarded(() => submit(request, type, input, more ?? {})),
    job,
    list: (query) => guarded(async () => request("GET", `/v1/jobs${queryOf(query ?? {})}`, answers.jobs)),
    result,
    cancel: (jobId) => guarded(async () => request("DELETE", pathOf(jobId), answers.job)),
    types: () => guarded(async () => request("GET", "/v1/types", answers.types)),
    usage: () => guarded(async () => request("GET", "/v1/usage", answers.usage)),
    webhookSecret: () => guarded(async () => request("GET", "/v1/webhook-secret", answers.webhookSecret)),
    rotateWebhookSecret: (body = {}) =>
      guarded(async () => request("POST", "/v1/webhook-secret/rotate", answers.rotatedWebhookSecret, { body })),
    watch: (jobId, listener) => watchJob(documents(), jobId, listener, { job, result }),
    watchOwn: (owner, listener, { limit = 50 } = {}) => watchJobsOf(documents(), owner, limit, listener),
    isResultOf: (type, candidate): candidate is never => candidate.type === type,
  };
}

/** Whatever is thrown before a request can be made is the caller's argument: one class of errors, and always a rejection. */
async function guarded<Value>(call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof BatonError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatonError("invalid-argument", `The request cannot be sent: ${reason}`, { cause });
  }
}

function submit(
  request: ReturnType<typeof createTransport>,
  type: string,
  input: unknown,
  { idempotencyKey = randomKey(), signal, ...more }: SubmitOptions,
): Promise<JobView> {
  if (!IdempotencyKey.safeParse(idempotencyKey).success) {
    throw new BatonError("invalid-argument", "idempotencyKey must be 1 to 255 printable ASCII characters.");
  }
  if (input === undefined) {
    const errors = [{ pointer: "/input", message: "is undefined, which JSON cannot carry" }];
    throw new BatonError("invalid-argument", "The request cannot be sent: /input is undefined.", { errors });
  }
  const content = { body: { type, input, ...more }, headers: { "idempotency-key": idempotencyKey }, signal };
  return retrying(() => request("POST", "/v1/jobs", answers.job, content), signal);
}

function pathOf(jobId: string): string {
  checkJobId(jobId);
  return `/v1/jobs/${encodeURIComponent(jobId)}`;
}

/** Not `crypto.randomUUID`, which pages of plain http do not have: a console on a machine of the local network, say. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function queryOf(options: ListOptions): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) if (value !== undefined) parameters.set(name, String(value));
  const query = parameters.toString();
  return query && `?${query}`;
}
