import assert from "node:assert/strict";
import { isLeading } from "../../../../engine/src/jobs/rules/cache-entry.ts";
import { isFinal, type Job } from "../../../../engine/src/jobs/rules/job.ts";
import { TIERS } from "./requests.ts";
import type { Move, WatchedStore } from "./watched-store.ts";

/** Looks at what has changed since it looked last; throws when a promise is broken. */
export type Look = (moves: readonly Move[], store: WatchedStore, now: number) => void;

/** The design's table, section 4: which status may follow which; a new job comes from "-". */
const TABLE: Record<string, readonly string[]> = {
  // Completed at once, when an equal job has completed before.
  "-": ["pending", "queued", "completed"],
  // Completed by the result of an equal job.
  pending: ["queued", "completed", "cancelled"],
  queued: ["pending", "processing", "failed", "cancelled"],
  processing: ["processing", "pending", "queued", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

const inFlight = ({ status }: Job) => status === "queued" || status === "processing";
const isNewLease = ({ before, job }: Move) => job.lease !== undefined && job.lease.id !== before?.lease?.id;

/** The promises of the engine; each makes a look for one world. */
export const RULES: Record<string, () => Look> = {
  "gives a job one result, with its final status, by the lease that held it": () => {
    const ended = new Set<string>();
    return (moves) => {
      for (const { by, leaseId, before, job, result } of moves) {
        assert.equal(result?.status, isFinal(job.status) ? job.status : undefined);
        if (!result) continue;
        assert.ok(!ended.has(job.jobId), "ended twice");
        ended.add(job.jobId);
        const isByWorker = ["complete", "fail", "stop", "suspend"].includes(by);
        assert.equal(result.leaseId, isByWorker ? leaseId : undefined);
        if (isByWorker) assert.equal(before?.lease?.id, leaseId);
      }
    };
  },

  "leaves histories that are paths of the table": () => (moves) => {
    for (const { before, job } of moves) {
      const known = before?.history.length ?? 0;
      const path = [before?.history.at(-1)?.status ?? "-", ...job.history.slice(known).map(({ status }) => status)];
      assert.equal(path.at(-1), job.status);
      for (const [i, status] of path.slice(1).entries()) {
        assert.ok(TABLE[path[i] ?? ""]?.includes(status), `${path[i]} -> ${status}`);
      }
    }
  },

  "counts every claim but those that continue an attempt, up to the maximum": () => {
    const goingOn = new Set<string>();
    const counts = new Map<string, number>();
    return (moves) => {
      for (const move of moves) {
        const { by, before, job } = move;
        if (by === "suspend" && !isFinal(job.status)) goingOn.add(job.jobId);
        if (isNewLease(move)) {
          const isCounted = !goingOn.delete(job.jobId) && !before?.cancelRequested;
          counts.set(job.jobId, (counts.get(job.jobId) ?? 0) + (isCounted ? 1 : 0));
        }
        assert.equal(job.attempt, counts.get(job.jobId) ?? 0);
        assert.ok(job.attempt <= job.maxAttempts, `attempt ${job.attempt} of ${job.maxAttempts}`);
      }
    };
  },

  "gives no worker a job before its time, or while another's lease lasts": () => (moves) => {
    for (const move of moves) {
      if (!isNewLease(move)) continue;
      const { runAt, lease } = move.before ?? {};
      assert.ok(!runAt || runAt <= move.at, "too early");
      assert.ok(!lease || lease.until <= move.at, "taken away");
    }
  },

  "ends a job that was told to stop as cancelled, unless its handler finished": () => (moves) => {
    for (const { by, before, job } of moves) {
      if (before?.cancelRequested && isFinal(job.status) && by !== "complete") assert.equal(job.status, "cancelled");
    }
  },

  "cleans up after every cancelled job that had begun, or says in its result that it did not": () => (moves) => {
    for (const { cleanUp, job, result } of moves) {
      if (result?.status !== "cancelled") continue;
      const isMissing = job.hasCleanUp === true && job.attempt > 0 && cleanUp !== "done";
      assert.equal(
        result.error?.code,
        isMissing ? (cleanUp === "failed" ? "cleanup-failed" : "cleanup-not-run") : undefined,
      );
    }
  },

  "never lets progress go back within an attempt, nor leave 0 to 1": () => (moves) => {
    for (const { before, job } of moves) {
      assert.ok(job.progress >= 0 && job.progress <= 1, `${job.progress}`);
      if (before?.attempt === job.attempt) assert.ok(job.progress >= before.progress);
    }
  },

  "runs the jobs of an ordering key one at a time, in the order of their turns": () => {
    const lastStarted = new Map<string, number>();
    return (moves, { current }, now) => {
      for (const move of moves) {
        const { job } = move;
        if (job.lane === undefined || !isNewLease(move)) continue;
        assert.ok(job.laneTicket !== undefined && job.laneTicket >= (lastStarted.get(job.lane) ?? 0), "overtook");
        lastStarted.set(job.lane, job.laneTicket);
      }
      const live = [...current.values()].filter(({ lane, status }) => lane !== undefined && !isFinal(status));
      const holding = live.filter(({ lease }) => lease && lease.until.getTime() > now).map(({ lane }) => lane);
      assert.equal(new Set(holding).size, holding.length, "two leases in one lane");
      const flying = live.filter(inFlight).map(({ lane }) => lane);
      assert.equal(new Set(flying).size, flying.length, "two in flight in one lane");
    };
  },

  "hands out turns in the order of submission to jobs that wait for nothing else": () => {
    const lastTurn = new Map<string, number>();
    return (moves) => {
      for (const { by, job } of moves) {
        if (by !== "submit" || job.lane === undefined || job.laneTicket === undefined) continue;
        assert.ok(job.laneTicket > (lastTurn.get(job.lane) ?? 0));
        lastTurn.set(job.lane, job.laneTicket);
      }
    };
  },

  "takes the slot back from a job that waits longer than a message": () => (moves) => {
    for (const { by, job } of moves) {
      if ((by === "fail" || by === "suspend") && job.status === "pending") assert.equal(job.ticket, undefined);
    }
  },

  "never has more of an owner's jobs in flight than slots":
    () =>
    (_, { current }) => {
      for (const [owner, { activeJobs }] of Object.entries(TIERS)) {
        const flying = [...current.values()].filter(
          (job) => job.owner === owner && inFlight(job) && !job.cancelRequested,
        );
        assert.ok(flying.length <= activeJobs, `${flying.length} of ${activeJobs}`);
      }
    },

  "never accepts more in a minute, or in a day, than the tier allows": () => {
    // A window begins with the latest clock that counted, and does not come back with an earlier one.
    const windows = new Map<string, { startsAt: number; jobs: number }>();
    let seen = 0;
    return (_, { acceptances }) => {
      for (const { owner, now, answer } of acceptances.slice(seen)) {
        seen++;
        if (answer.outcome !== "accepted") continue;
        const { jobsPerMinute, jobsPerDay } = TIERS[owner as keyof typeof TIERS];
        for (const [lengthMs, limit] of [
          [60_000, jobsPerMinute],
          [86_400_000, jobsPerDay],
        ] as const) {
          const startsAt = Math.floor(now.getTime() / lengthMs) * lengthMs;
          const before = windows.get(`${owner} ${lengthMs}`) ?? { startsAt: 0, jobs: 0 };
          const jobs = startsAt > before.startsAt ? 1 : before.jobs + 1;
          windows.set(`${owner} ${lengthMs}`, { startsAt: Math.max(startsAt, before.startsAt), jobs });
          assert.ok(jobs <= limit, `${jobs} of ${limit} in ${lengthMs} ms`);
        }
      }
    };
  },

  "runs one of several equal cached jobs at a time, and shares only what it completed with": () => {
    const outputs = new Map<string, Set<unknown>>();
    // Those that slept continue with their run, also when another one leads by then.
    const goingOn = new Set<string>();
    return (moves, { current }) => {
      for (const { by, job, result } of moves) {
        if (by === "suspend" && job.status === "pending") goingOn.add(job.jobId);
        if (by === "fail") goingOn.delete(job.jobId);
        if (!job.cache || !result) continue;
        const known = outputs.get(job.cache.key) ?? new Set();
        outputs.set(job.cache.key, known);
        if (job.cached) assert.ok(job.status === "completed" && known.has(result.output), `${result.output}`);
        else if (job.status === "completed") known.add(result.output);
      }
      const running = [...current.values()].filter(({ status, isCacheLeader }) => isCacheLeader && !isFinal(status));
      const keys = running.map(({ cache }) => cache?.key);
      assert.equal(new Set(keys).size, keys.length, "two leaders");
      const flying = [...current.values()].filter(
        (job) => job.cache && inFlight(job) && !job.cancelRequested && !goingOn.has(job.jobId),
      );
      assert.ok(
        flying.every(({ isCacheLeader }) => isCacheLeader),
        "ran without the lead",
      );
    };
  },

  "lets a job follow only one that is with a worker, or on its way to one": () => {
    const known = new Map<string, Job>();
    return (moves) => {
      for (const { before, job } of moves) {
        known.set(job.jobId, job);
        if (job.isCacheLeader)
          assert.ok(isLeading(job) || isFinal(job.status), `leads, and waits for its ${job.waitingFor}`);
        if (job.sharesResultOf === undefined || job.sharesResultOf === before?.sharesResultOf) continue;
        const leader = known.get(job.sharesResultOf);
        assert.ok(leader && isLeading(leader), `follows one that waits for its ${leader?.waitingFor}`);
      }
    };
  },

  "completes no job of a lane with another's result before its turn":
    () =>
    (moves, { current }) => {
      for (const { before, job } of moves) {
        if (!job.cached || before?.laneTicket === undefined) continue;
        const { lane, laneTicket } = before;
        const isAhead = (other: Job) =>
          other.lane === lane && other.laneTicket !== undefined && other.laneTicket < laneTicket;
        assert.ok(![...current.values()].some(isAhead), "overtook");
      }
    },

  "makes one job of an idempotency key, and takes another body for a conflict": () => {
    const bodies = new Map<string, string | undefined>();
    let seen = 0;
    return (_, { acceptances }) => {
      for (const { answer } of acceptances.slice(seen)) {
        seen++;
        if (!("job" in answer)) continue;
        const { jobId } = answer.job;
        if (answer.outcome === "accepted") {
          assert.ok(!bodies.has(jobId), "accepted twice");
          bodies.set(jobId, answer.job.requestHashes?.body);
        } else assert.ok(bodies.has(jobId));
        if (answer.outcome === "conflict") assert.deepEqual(answer.differs, ["body"]);
      }
    };
  },

  "leaves every job that has not ended a time for a second look, and nothing to one that has": () => (moves) => {
    for (const { job } of moves) {
      assert.equal(job.dueAt === undefined, isFinal(job.status));
      assert.equal(job.waitingFor === undefined, job.status !== "pending");
      if (!isFinal(job.status)) continue;
      assert.deepEqual(
        [job.lease, job.runAt, job.ticket, job.laneTicket, job.sharesResultOf, job.resumesAttempt],
        Array(6).fill(undefined),
      );
    }
  },
};
