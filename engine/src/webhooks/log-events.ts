/**
 * The stable `event` codes of the log lines of webhooks, subject first. Documents and alerts of operators name them.
 */
export type WebhookLogEvent =
  | "alert.given-up"
  | "alert.not-sent"
  | "delivery.attempt-failed"
  | "delivery.attempt-not-recorded"
  | "delivery.failed"
  | "delivery.not-postponed"
  | "delivery.not-signed"
  | "delivery.stopped"
  | "delivery.succeeded"
  | "endpoint.disabled"
  | "endpoint.health-not-recorded"
  | "endpoint.not-stopped"
  | "endpoint.stop-deferred"
  | "endpoint.unreadable"
  | "message.failed"
  | "message.not-published"
  | "message.unreadable"
  | "result.not-announced";

type Fields = { event: WebhookLogEvent } & Record<string, unknown>;

/** The log of webhooks: the port `Log`, with an `event` code on every line. */
export interface WebhookLog {
  info(message: string, fields: Fields): void;
  warn(message: string, fields: Fields): void;
  error(message: string, fields: Fields): void;
}
