/** The document `erasures/{owner}`: an owner wants everything deleted that their jobs left up to an instant. */
export interface Erasure {
  owner: string;
  /** What was created up to here goes; what came later stays. */
  requestedAt: Date;
  /** When the sweep looks at it; absent once it is carried out. */
  dueAt?: Date;
  /** 0 to 15, a hash of the owner. */
  shard: number;
  expireAt: Date;
}

/** Remembers who wants their data deleted. A thrown error means the store is unreachable. */
export interface ErasureStore {
  /** Asks for an erasure of everything up to `now`, due at once. Asking again moves that instant on. Deletes nothing itself. */
  request(owner: string, now: Date): Promise<Erasure>;
}
