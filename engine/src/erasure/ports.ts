/** The document `batonErasures/{owner}`: an owner wants everything deleted that their jobs left up to an instant. */
export interface Erasure {
  owner: string;
  /** Data created up to this instant is deleted; later data stays. */
  requestedAt: Date;
  /** When the sweep looks at it; absent once it is carried out. */
  dueAt?: Date;
  /** 0 to 15, a hash of the owner. */
  shard: number;
  expireAt: Date;
}

/** Remembers who wants their data deleted. A thrown error means the store is unreachable. */
export interface ErasureStore {
  /**
   * Asks for an erasure of everything up to `now`, due at once. Asking again moves that instant on, never back: the
   * answer has the one that counts. Deletes nothing itself.
   */
  request(owner: string, now: Date): Promise<Erasure>;
}

/** Carries erasures out. Every method is idempotent; a thrown error means the store is unreachable. */
export interface Erasures {
  /** Erasures that are due at `now`, the longest due first; at most `limit`. */
  listDue(now: Date, limit: number): Promise<Erasure[]>;
  /** Ids of the owner's jobs from before the request that are not final; at most `limit`. */
  listUnended(erasure: Erasure, limit: number): Promise<string[]>;
  /**
   * Deletes up to `limit` of the owner's final jobs, each with its steps, result, payloads, deliveries and their
   * attempts, dead letters, and the cache entry that names it; the job itself last. Answers how many.
   */
  eraseJobs(erasure: Erasure, limit: number): Promise<number>;
  /**
   * Deletes the rest from before the request, up to `limit` of each kind: endpoints with all that is theirs, the
   * remains of jobs that are gone, and mail. Then deletes later documents that tell of a job or an endpoint that is
   * gone. Answers how many; 0 says that nothing is left.
   */
  eraseRest(erasure: Erasure, limit: number): Promise<number>;
  /**
   * Deletes the owner's usage and lanes when they have no jobs, and then the request, if it was not made again. Keeps
   * the used quota of the day until the day ends, and the rate limits until they expire, without the owner's name.
   */
  finish(erasure: Erasure, now: Date): Promise<void>;
  /** Sets when the erasure is due again; does nothing when it is gone. */
  putOff(erasure: Erasure, until: Date): Promise<void>;
}
