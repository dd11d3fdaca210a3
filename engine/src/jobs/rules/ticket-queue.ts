/**
 * A ticket lock with capacity. Tickets are issued in commit order and never reused, so the number of live tickets below
 * yours only falls: once it is below the capacity you may run, without a lock.
 */
export interface TicketQueue {
  /** The highest ticket issued. */
  last: number;
  /** At most `last - base` tickets are live: an upper bound, brought down by counting. */
  base: number;
}

/** A queue that has issued no ticket. */
export const EMPTY_QUEUE: TicketQueue = { last: 0, base: 0 };

/** True when a count of the live tickets is worth its read before another one is issued. */
export function mayBeFull(queue: TicketQueue, capacity: number): boolean {
  return queue.last + 1 - queue.base > capacity;
}

/** The queue after a count found `live` tickets in it; a count that stopped at `limit` says nothing more. */
export function counted(queue: TicketQueue, live: number, limit: number): TicketQueue {
  return live >= limit ? queue : { ...queue, base: Math.max(queue.base, queue.last - live) };
}

/**
 * How many tickets of an owner are counted: Firestore charges one read for up to 1,000
 * (https://firebase.google.com/docs/firestore/pricing).
 */
export function countLimit(capacity: number): number {
  return Math.max(capacity, 1000);
}

/**
 * Issues the next ticket; at most `ahead` live ones are below it, and `isFree` says that it is among the first
 * `capacity`.
 */
export function takeTicket(queue: TicketQueue, capacity: number) {
  const ahead = queue.last - queue.base;
  const ticket = queue.last + 1;
  return { queue: { ...queue, last: ticket }, ticket, ahead, isFree: ahead < capacity };
}
