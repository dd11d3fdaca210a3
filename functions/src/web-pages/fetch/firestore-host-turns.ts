import { setTimeout as pause } from "node:timers/promises";
import { RetryableError } from "@baton/engine";
import { keyedMutex, read, retryConflicts } from "@baton/engine/kit";
import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import { COLLECTIONS } from "../../collections.ts";
import type { HostTurns } from "./host-turns.ts";

/** The document `scrapeHosts/{host}`: until when the host is taken, or rests. */
const StoredHost = z.object({ freeAt: z.instanceof(Timestamp).transform((at) => at.toMillis()) });

/** A request ends within 20 s; a process that died with a turn leaves the host to the others after this time. */
const TURN_MS = 30_000;
const MAX_WAIT_MS = 60_000;
const LOOK_AGAIN_MS = 400;
const KEPT_MS = 24 * 3_600_000;

/**
 * Turns by a lease in Firestore, one document a host. Within a process the requests of a host queue up, so that each
 * process has one candidate; between processes the first to ask after the end of a turn has the next.
 */
export function firestoreHostTurns(db: Firestore, now = Date.now): HostTurns {
  const inTurn = keyedMutex();
  const hosts = db.collection(COLLECTIONS.scrapeHosts);
  const fields = (freeAtMs: number) => ({
    freeAt: Timestamp.fromMillis(freeAtMs),
    expireAt: Timestamp.fromMillis(freeAtMs + KEPT_MS),
  });

  /** Takes the host, or answers how long it is taken. */
  const tryToTake = (host: string) =>
    retryConflicts(async () => {
      const ref = hosts.doc(idOf(host));
      const { value, updateTime } = await read(true, ref, (found) => StoredHost.parse(found));
      const waitMs = (value?.freeAt ?? 0) - now();
      if (waitMs > 0) return { waitMs };
      const taken = fields(now() + TURN_MS);
      const { writeTime } = await (updateTime ? ref.update(taken, { lastUpdateTime: updateTime }) : ref.create(taken));
      return { writeTime };
    });

  async function waitFor(host: string, startedAt: number, signal: AbortSignal): Promise<Timestamp> {
    for (;;) {
      signal.throwIfAborted();
      const { waitMs, writeTime } = await tryToTake(host);
      if (writeTime) return writeTime;
      if (now() + waitMs > startedAt + MAX_WAIT_MS + TURN_MS || now() > startedAt + MAX_WAIT_MS) throw busy(host);
      await pause(Math.min(waitMs, LOOK_AGAIN_MS) * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }

  /** A turn that outlasted its lease is another's by now: its document stays. */
  const release = (host: string, takenAt: Timestamp, restMs: number) =>
    hosts
      .doc(idOf(host))
      .update(fields(now() + restMs), { lastUpdateTime: takenAt })
      .catch(() => undefined);

  return {
    async take(host, signal, request, restMs) {
      const startedAt = now();
      const turn = inTurn(host, async () => {
        const takenAt = await waitFor(host, startedAt, signal);
        try {
          return await request();
        } finally {
          await release(host, takenAt, restMs());
        }
      });
      // The requests before it in this process do not know of its signal.
      return unlessAborted(turn, signal);
    },
  };
}

/** Settles as `work` does, or rejects as soon as `signal` aborts. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Firestore reserves ids of the form `__x__`, which a name of a host may have. */
function idOf(host: string): string {
  return host.startsWith("__") ? `-${host}` : host;
}

function busy(host: string): RetryableError {
  return new RetryableError("site-busy", `Other jobs are reading ${host} now, and only one may at a time.`);
}
