/** Gives out the moments at which something may be done that has a rate, over all processes. A thrown error means that the store is unreachable. */
export interface Pace {
  /**
   * The next free moment of `key`, at `now` or later; it is the caller's alone. `perSecond` above 0. `key` is an endpoint's id, or
   * a kind of request with a hash of its owner. A moment further ahead than `withinMs` is answered, but not taken.
   */
  reserve(key: string, perSecond: number, now: Date, withinMs?: number): Promise<Date>;
}
