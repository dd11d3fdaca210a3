import { setTimeout as pause } from "node:timers/promises";

/** gRPC statuses of a write whose precondition failed: gone, there already, changed meanwhile, or beaten by another. */
const CONFLICTS: readonly unknown[] = [5, 6, 9, 10];
/**
 * gRPC statuses of a service that is away, or refuses entry: cancelled, deadline exceeded, permission denied,
 * unavailable, unauthenticated.
 */
const AWAY: readonly unknown[] = [1, 4, 7, 14, 16];
/** gRPC statuses of a write that Firestore will never take: invalid argument, out of range. */
const REFUSED: readonly unknown[] = [3, 11];
const MAX_TRIES = 12;
const MAX_PAUSE_MS = 400;

/** True for the error of a commit that another writer was faster than; nothing of it was written. */
export function isConflict(error: unknown): boolean {
  return hasCode(error, CONFLICTS);
}

/** True for the error of a commit that says nothing of what was to be written: Firestore did not answer. */
export function isAway(error: unknown): boolean {
  return hasCode(error, AWAY);
}

/** True for the error of a commit that Firestore, or its client, will never take, however often it is tried. */
export function isRefused(error: unknown): boolean {
  // The client's own checks give no code (its `validate.ts`).
  const isClients = error instanceof Error && error.message.startsWith("Value for argument ");
  return isClients || hasCode(error, REFUSED);
}

function hasCode(error: unknown, codes: readonly unknown[]): boolean {
  return typeof error === "object" && error !== null && "code" in error && codes.includes(error.code);
}

/**
 * Reads, decides and commits until no other writer comes between: every write in `attempt` carries the precondition
 * that what was read is still so. It takes no locks, so a stopped process holds up no other. `attempt` gets its number,
 * from 0. Rejects with the last conflict after 12 tries.
 */
export async function retryConflicts<T>(attempt: (tried: number) => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await attempt(tried);
    } catch (error) {
      if (!isConflict(error) || tried + 1 >= MAX_TRIES) throw error;
      // Chance keeps writers that met once from meeting again.
      await pause(Math.random() * Math.min(MAX_PAUSE_MS, 5 * 2 ** tried));
    }
  }
}
