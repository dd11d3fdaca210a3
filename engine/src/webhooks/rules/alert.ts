/**
 * An alert to the owner of an endpoint: the document `batonAlerts/{alertId}`, written together with the health it is
 * about.
 */
export interface Alert {
  /** Derived from endpoint, kind, percent and the start of the failure, so that the same alert exists once. */
  alertId: string;
  owner: string;
  endpointId: string;
  kind: "failing" | "disabled" | "recovered";
  /** `failing` only: how much of the five days has passed. */
  percent?: number;
  /** When the first of the failures ended. */
  failingSince?: Date;
  /** One or two sentences for a person: the fact, since when, and what to do. */
  message: string;
  /** Present until the event and the mail were sent. */
  dueAt?: Date;
  shard: number;
  createdAt: Date;
  expireAt: Date;
}
