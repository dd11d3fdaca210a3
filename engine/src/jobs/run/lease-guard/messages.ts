/** A lease that this process holds. */
export interface GuardedLease {
  jobId: string;
  leaseId: string;
  /** End of its invocation's time, in milliseconds since 1970: from then on the guard lets the lease end. */
  untilMs: number;
}

/** A message of the main thread to the guard. */
export type GuardMessage = { kind: "guard"; lease: GuardedLease } | { kind: "release"; leaseId: string };

/** The data that the guard starts with. */
export interface GuardData {
  /** A count that grows while the main thread is alive. */
  beats: Int32Array;
  leaseMs: number;
  /** The Firestore database that has the jobs. */
  database: string;
}
