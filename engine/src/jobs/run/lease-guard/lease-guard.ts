import { Worker } from "node:worker_threads";
import type { Log } from "../../../kit/ports.ts";
import type { GuardData, GuardedLease, GuardMessage } from "./messages.ts";

/** Keeps leases alive while the thread of their handlers is blocked. */
export interface LeaseGuard {
  /** Guards a lease from now on, at most until its `untilMs`; the answer ends that. */
  guard(lease: GuardedLease): () => void;
}

/** A thread that guards leases. */
export interface LeaseGuardThread extends LeaseGuard {
  /** Ends the thread. */
  stop(): Promise<void>;
}

/**
 * Guards leases in a thread of this process, which starts with the first of them. The main thread beats while it is
 * alive; when it has not for a third of `data.leaseMs`, the thread renews the leases itself. `entry` is a module that calls
 * `guardLeases`.
 */
export function leaseGuardThread(entry: URL, data: Omit<GuardData, "beats">, log: Log): LeaseGuardThread {
  const { leaseMs } = data;
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const guarded = new Map<string, GuardedLease>();
  let thread: Worker | undefined;
  let beating: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = new Worker(entry, { workerData: { ...data, beats } satisfies GuardData });
    started.unref();
    started.on("error", (error) => {
      // Leases are still renewed by the main thread; the next lease starts another guard.
      log.warn("The thread that guards leases ended.", { event: "lease-guard.ended", error });
      if (thread === started) thread = undefined;
    });
    for (const lease of guarded.values()) tell(started, { kind: "guard", lease });
    return started;
  }

  return {
    guard(lease) {
      thread ??= start();
      guarded.set(lease.leaseId, lease);
      beating ??= setInterval(() => Atomics.add(beats, 0, 1), leaseMs / 12).unref();
      Atomics.add(beats, 0, 1);
      tell(thread, { kind: "guard", lease });
      return () => {
        guarded.delete(lease.leaseId);
        if (thread) tell(thread, { kind: "release", leaseId: lease.leaseId });
        if (guarded.size > 0) return;
        clearInterval(beating);
        beating = undefined;
      };
    },
    async stop() {
      clearInterval(beating);
      await thread?.terminate();
    },
  };
}

function tell(thread: Worker, message: GuardMessage): void {
  thread.postMessage(message);
}
