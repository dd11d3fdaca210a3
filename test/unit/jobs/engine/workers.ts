import type { Engine } from "../../../../engine/src/jobs/engine.ts";
import type { Clock } from "../../../../engine/src/kit/ports.ts";
import { eventOf, LEASE_MS } from "./requests.ts";
import type { Work } from "./script.ts";
import type { watchedStore } from "./watched-store.ts";

/** An attempt as its worker sees it. `isOver`: the worker is done with it, or dead; what it still says comes late. */
interface Attempt {
  jobId: string;
  leaseId: string;
  isOver: boolean;
}

/** The parts of a world that its workers use. */
interface WorkerPorts {
  store: ReturnType<typeof watchedStore>;
  engine: Engine;
  clock: Clock;
  /** The queue, which takes back the message of an invocation that broke. */
  messages: string[];
}

/** The workers of a world: attempts begin with messages, and report to the engine. */
export function workersOf({ store, engine, clock, messages }: WorkerPorts) {
  const attempts: Attempt[] = [];
  let leases = 0;

  async function work(attempt: Attempt, doing: Work) {
    const { jobId, leaseId } = attempt;
    // A worker stops for a cancel only when it was told of one.
    if (doing.does === "stop" && !store.current.get(jobId)?.cancelRequested) return;
    const wasOver = attempt.isOver;
    attempt.isOver ||= doing.does !== "progress";
    if (doing.does === "die") {
      if (!wasOver && !doing.isMessageLost) messages.push(jobId);
      return;
    }
    try {
      await engine.move(jobId, eventOf(doing, leaseId, clock.now()));
    } catch {
      if (!wasOver && attempt.isOver) messages.push(jobId);
    }
  }

  return {
    /** Claims the job of a message. Every message that reached the store has served. */
    async deliver(jobId: string) {
      const leaseId = `lease-${++leases}`;
      try {
        const claim = await store.claim(jobId, { leaseId, leaseMs: LEASE_MS }, clock.now());
        if (claim.outcome === "refused" && claim.reason === "leased") {
          await engine.perform(claim.job, [{ kind: "wake", at: claim.until }]);
        }
        if (claim.outcome !== "moved") return;
        await engine.perform(claim.job, claim.effects);
        if (claim.job.status === "processing") attempts.push({ jobId, leaseId, isOver: false });
      } catch {
        messages.push(jobId);
      }
    },
    /** Reports for one of all attempts; those that are over report late. */
    async workOn(pick: number, doing: Work) {
      const attempt = attempts[pick % attempts.length];
      if (attempt) await work(attempt, doing);
    },
    async endAll(ending: Work) {
      for (const attempt of attempts.filter(({ isOver }) => !isOver)) await work(attempt, ending);
    },
    /** No worker returns to what it had begun. */
    abandonAll() {
      for (const attempt of attempts) attempt.isOver = true;
    },
  };
}
