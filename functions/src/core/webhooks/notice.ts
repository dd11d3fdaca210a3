/** Something an owner is to know of an endpoint: the document `notices/{noticeId}`, written once. */
export interface Notice {
  /** Derived from endpoint, kind, percent and the beginning of the failure: the same notice is never given twice. */
  noticeId: string;
  owner: string;
  endpointId: string;
  kind: "failing" | "disabled" | "recovered";
  /** `failing` only: how much of the five days is over. */
  percent?: number;
  /** One or two whole sentences for a person: what happened, since when, and what to do. */
  message: string;
  createdAt: Date;
  expireAt: Date;
}
