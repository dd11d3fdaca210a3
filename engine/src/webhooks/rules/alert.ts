/**
 * Something an owner is to know of an endpoint: the document `notices/{alertId}`, written together with the health it
 * tells of.
 */
export interface Alert {
  /** Derived from endpoint, kind, percent and the beginning of the failure: the same alert is never given twice. */
  alertId: string;
  owner: string;
  endpointId: string;
  kind: "failing" | "disabled" | "recovered";
  /** `failing` only: how much of the five days is over. */
  percent?: number;
  /** When the first of the failures it is about ended. */
  failingSince?: Date;
  /** One or two whole sentences for a person: what happened, since when, and what to do. */
  message: string;
  /** Present until the owner was told by event and mail. */
  dueAt?: Date;
  shard: number;
  createdAt: Date;
  expireAt: Date;
}
