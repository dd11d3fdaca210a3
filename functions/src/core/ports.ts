import type { JobMessage, JobStatus, JsonValue } from "@baton/protocol";
import type { Beginning, Delivery, DeliveryAttempt, NewDelivery, PostOutcome } from "./delivery.ts";
import type { Job, JobResult } from "./job.ts";
import type { JobEvent, Transition } from "./transitions.ts";

export interface Clock {
  now(): Date;
}

export interface Ids {
  /** A fresh job id: 20 random letters and digits. */
  jobId(): string;
  /** A fresh lease id, unguessable. */
  leaseId(): string;
}

/** Structured log; one line a call. Never give it tokens, secrets or payloads. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Which of an owner's jobs to list, newest first. */
export interface JobFilter {
  owner: string;
  status?: JobStatus;
  type?: string;
  tag?: string;
  /** 1 to 100. */
  limit: number;
  /** Opaque; the `nextCursor` of the page before. */
  cursor?: string;
}

/** The truth about jobs. Every method is one atomic operation; a thrown error means the store is unreachable and the caller may try again. */
export interface JobStore {
  /** Stores a new job and its input together. Answers `exists`, and writes nothing, when the id is taken. */
  create(job: Job, input: JsonValue): Promise<"created" | "exists">;
  /** Reads the job, asks the pure rule `transition`, and writes its answer (with the result, when the job ended), all or nothing. */
  apply(jobId: string, event: JobEvent, now: Date): Promise<Transition | { outcome: "not-found" }>;
  read(jobId: string): Promise<Job | undefined>;
  /** `bad-cursor` when the cursor is not one this store gave. */
  list(filter: JobFilter): Promise<{ jobs: Job[]; nextCursor?: string } | "bad-cursor">;
  /** Ids of jobs of one shard (0 to 15) that asked for a second look by `now`, the longest due first; at most `limit`. */
  listDue(shard: number, now: Date, limit: number): Promise<string[]>;
  readInput(jobId: string): Promise<JsonValue | undefined>;
  readResult(jobId: string): Promise<JobResult | undefined>;
}

/** Sends job ids to the workers. */
export interface Publisher {
  /** Resolves once Pub/Sub has the message; rejects when it has not, within 10 s. */
  publishJob(queue: string, message: JobMessage): Promise<void>;
}

/** A subscriber's webhook URL. `secrets` are the live ones, newest first, each `whsec_` + base64. */
export interface Endpoint {
  endpointId: string;
  owner: string;
  url: string;
  secrets: string[];
  disabled: boolean;
}

export interface EndpointStore {
  /** The enabled endpoints of one owner, with their live secrets; at most 20. */
  listEnabled(owner: string, now: Date): Promise<Endpoint[]>;
  /** Disables an endpoint that answered 410. Idempotent; an endpoint deleted meanwhile stays deleted. */
  disable(endpointId: string, now: Date): Promise<void>;
}

/** Remembers what was sent to whom. Both methods are atomic; a thrown error means the store is unreachable. */
export interface DeliveryStore {
  /** Takes the right to send one attempt, as `beginDelivery` decides. Of two concurrent callers at most one receives `begun`. */
  begin(delivery: NewDelivery, now: Date): Promise<Beginning>;
  /** Notes how an attempt ended, as `endAttempt` decides. Does nothing when the document is gone. */
  end(
    deliveryId: string,
    attempt: DeliveryAttempt,
    state: "waiting" | "succeeded" | "failed",
    now: Date,
  ): Promise<void>;
  read(deliveryId: string): Promise<Delivery | undefined>;
}

/** Says whether a webhook may be sent to a URL, before any connection is made. `message` is for the tenant: it says what to change and names no internal address. */
export interface UrlGuard {
  judge(url: string): { outcome: "allowed" } | { outcome: "refused"; message: string };
}

/** Says whether a webhook may be sent to an IP address (canonical notation, no brackets). Anything else is refused. */
export type AddressJudge = (address: string) => "allowed" | "refused";

/** Sends one webhook request: no redirect is followed, nothing is decoded, one total deadline. */
export interface WebhookTransport {
  /** Never throws: whatever goes wrong on the way is an outcome. */
  post(request: { url: string; headers: Record<string, string>; body: string }): Promise<PostOutcome>;
}

/** Who is calling. */
export interface Principal {
  /** The Firebase uid: the owner of what this caller submits. */
  uid: string;
  role?: string;
  tier?: string;
}

export type TokenVerdict =
  | { outcome: "verified"; principal: Principal }
  | { outcome: "refused"; reason: "expired" | "invalid" };

/** Checks Firebase ID tokens. Throws only when the keys cannot be fetched. */
export interface TokenVerifier {
  verify(token: string): Promise<TokenVerdict>;
}
