/** Limits rates across all processes: gives out slots in time. A thrown error means that the store is unreachable. */
export interface RateLimiter {
  /**
   * Reserves the next free slot of `key` for the caller alone, and answers its instant, `slotAt`: `now` or later. Slots
   * are `1 / perSecond` seconds apart; `perSecond` is above 0. `key` is an endpoint's id, or a kind of request with a
   * hash of its owner. A slot more than `withinMs` ahead is answered but not reserved.
   */
  reserve(key: string, perSecond: number, now: Date, withinMs?: number): Promise<Date>;
}
