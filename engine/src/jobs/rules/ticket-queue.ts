/**
 * A line in which numbers are handed out in order, of which the first few may run. Whoever takes a number knows that the
 * lower ones were taken by writes before his own, and a number that left does not come back: how many are ahead of a
 * number only ever falls. So "fewer than the capacity are ahead of me" needs no lock and, once true, stays true.
 */
export interface TicketQueue {
  /** The highest number handed out. */
  last: number;
  /** At most `last - base` numbers are in the line: an upper bound, brought down by counting. */
  base: number;
}

/** A line nobody has been in. */
export const EMPTY_QUEUE: TicketQueue = { last: 0, base: 0 };

/** Whether taking a number in a line of this capacity is worth a count first. */
export function mayBeFull(line: TicketQueue, capacity: number): boolean {
  return line.last + 1 - line.base > capacity;
}

/** The line after a count found `inLine` numbers in it; a count that stopped at `limit` says nothing more. */
export function counted(line: TicketQueue, inLine: number, limit: number): TicketQueue {
  return inLine >= limit ? line : { ...line, base: Math.max(line.base, line.last - inLine) };
}

/** How far the line of an owner's jobs is counted: Firestore charges one read for up to 1,000 (https://firebase.google.com/docs/firestore/pricing). */
export function countLimit(slots: number): number {
  return Math.max(slots, 1000);
}

/** Takes the next number; at most `ahead` are ahead of it, and `isFree` says that it is among the first `capacity`. */
export function takeTicket(line: TicketQueue, capacity: number) {
  const ahead = line.last - line.base;
  const number = line.last + 1;
  return { line: { ...line, last: number }, number, ahead, isFree: ahead < capacity };
}
