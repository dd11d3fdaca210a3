import { parentPort, workerData } from "node:worker_threads";
import type { GuardData, GuardedLease, GuardMessage } from "./messages.ts";

/** Renews a lease; false when it does not hold its job any more. */
export type Renew = (lease: GuardedLease) => Promise<boolean>;

/** Time that a client takes to load on a busy machine. */
const LOAD_MS = 5_000;

/**
 * Watches over the main thread's beats, as the code of a worker thread. Renews the leases that it is told of when no
 * beat came for a third of a lease. `connect` is called shortly before that happens for the first time: until then the
 * thread holds no client.
 */
export function guardLeases(connect: (data: GuardData) => Promise<Renew>): void {
  const data: GuardData = workerData;
  const { beats, leaseMs } = data;
  const leases = new Map<string, GuardedLease>();
  let last = { beats: -1, atMs: 0 };
  let renewedAtMs = 0;
  let renew: Promise<Renew> | undefined;

  function connected(): Promise<Renew> {
    renew ??= connect(data);
    // The next look connects again.
    renew.catch(() => {
      renew = undefined;
    });
    return renew;
  }

  async function look(): Promise<void> {
    const nowMs = Date.now();
    const count = Atomics.load(beats, 0);
    if (count !== last.beats) last = { beats: count, atMs: nowMs };
    const silentMs = nowMs - last.atMs;
    if (leases.size === 0 || silentMs < leaseMs / 3 - LOAD_MS) return;
    // A client is slow to load, so it is loaded before it is needed.
    const renewing = connected();
    if (silentMs < leaseMs / 3 || nowMs - renewedAtMs < leaseMs / 4) return;
    renewedAtMs = nowMs;
    const renewOne = await renewing;
    await Promise.all([...leases.values()].map((lease) => keep(lease, renewOne)));
  }

  async function keep(lease: GuardedLease, renewOne: Renew): Promise<void> {
    const isLost = lease.untilMs <= Date.now() || !(await renewOne(lease));
    if (isLost) leases.delete(lease.leaseId);
  }

  parentPort?.on("message", (message: GuardMessage) => {
    if (message.kind === "guard") leases.set(message.lease.leaseId, message.lease);
    else leases.delete(message.leaseId);
  });
  setInterval(() => {
    // The next look tries again, and the lease outlives a few of them.
    look().catch((error: unknown) => console.warn("A guarded lease was not renewed.", error));
  }, leaseMs / 12);
}
