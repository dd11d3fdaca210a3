export interface Clock {
  now(): Date;
  /** Calls `then` once, `ms` milliseconds from now; the answer takes the call back. */
  after(ms: number, then: () => void): () => void;
}

export interface Ids {
  /** A fresh job id: 20 random letters and digits. */
  jobId(): string;
  /** A fresh lease id, unguessable. */
  leaseId(): string;
  /** A fresh id of an endpoint, a secret or a recovery: 20 random letters and digits. */
  documentId(): string;
  /** A fresh `webhook-id`, for an event that has nothing to derive it from: `msg_` + 32 hexadecimal digits. */
  webhookId(): string;
}

/**
 * Fields of a log line. `event` is its stable code, subject first: `job.attempt-failed`. Documents and alerts of
 * operators name the code; the sentence may change in any release.
 */
export type LogFields = { event: string } & Record<string, unknown>;

/** Structured log; one line a call. Never give it tokens, secrets or payloads. */
export interface Log {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}
