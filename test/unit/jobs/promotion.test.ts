import assert from "node:assert/strict";
import fc from "fast-check";
import type { Job, PendingJob, WaitingFor } from "../../../engine/src/jobs/rules/job.ts";
import { type Promotion, promote, promotionReads } from "../../../engine/src/jobs/rules/promotion.ts";
import type { PromotionContext } from "../../../engine/src/jobs/rules/promotion-context.ts";
import { aJob } from "../../support/jobs.ts";

const at = (time: string) => new Date(`2026-01-01T${time}Z`);
const T0 = at("00:00:00.000");
const CACHE = { key: "k", ttlMs: 60_000 };

/** A pending job, as old as T0. */
function waiting(given: Partial<PendingJob>): PendingJob {
  const history = [{ status: "pending" as const, at: T0, attempt: 0 }];
  const { queuedAt: _, ...job } = aJob({ status: "pending", history });
  return { ...job, ...given };
}

function moved(job: Job, around: PromotionContext = {}, now = T0): Promotion {
  const answer = promote(job, around, now);
  assert.ok(answer.outcome === "moved", "reason" in answer ? answer.reason : "");
  return answer;
}

function refusal(job: Job, around: PromotionContext = {}, now = T0) {
  const answer = promote(job, around, now);
  return answer.outcome === "refused" ? answer.reason : undefined;
}

describe("advancing a job", () => {
  for (const status of ["queued", "processing", "completed", "failed", "cancelled"] as const) {
    it(`refuses a ${status} one`, () => assert.equal(refusal(aJob({ status })), "not-pending"));
  }

  it("leaves it alone until its time, and gives it a place then", () => {
    const job = waiting({ waitingFor: "time", runAt: at("02:00:00.000"), dueAt: at("02:00:00.000") });
    assert.equal(refusal(job, {}, at("01:59:59.999")), "early");
    const { job: after, usage } = moved(job, {}, at("02:00:00.000"));
    assert.deepEqual([after.status, after.waitingFor, after.runAt, after.ticket], ["queued", undefined, undefined, 1]);
    assert.deepEqual([after.dueAt, after.queuedAt, usage?.slotQueue.last], [at("02:01:00.000"), at("02:00:00.000"), 1]);
    assert.equal(usage?.minute.jobs, 0);
  });

  it("gives a slot to the one with fewer than the slots ahead", () => {
    const job = waiting({ waitingFor: "slot", ticket: 9, concurrencyLimit: 2 });
    assert.equal(refusal(job, { ticketsAhead: 2 }), "early");
    assert.equal(refusal(job, {}), "early");
    const { job: after, usage } = moved(job, { ticketsAhead: 1 });
    assert.deepEqual([after.status, after.ticket, usage], ["queued", 9, undefined]);
  });

  it("promotes the first of a lane to its slot, and no other", () => {
    const job = waiting({ waitingFor: "lane", lane: "l", laneTicket: 4 });
    assert.equal(refusal(job, { laneTicketsAhead: 1 }), "early");
    assert.equal(moved(job, { laneTicketsAhead: 0 }).job.status, "queued");
    const usage = { owner: "alice", minute: { startsAt: T0, jobs: 0 }, day: { startsAt: T0, jobs: 0 } };
    const full = { ...usage, slotQueue: { last: 5, base: 0 }, updatedAt: T0, expireAt: T0 };
    const { job: next } = moved(job, { laneTicketsAhead: 0, ticketsAhead: 5, usage: full });
    assert.deepEqual([next.status, next.waitingFor, next.ticket, next.laneTicket], ["pending", "slot", 6, 4]);
    assert.equal(next.history.length, 1);
  });

  it("takes a ticket of no lane without an ordering key, and waits for no lane", () => {
    const busy = { laneId: "l", owner: "alice", ticketQueue: { last: 1, base: 0 }, updatedAt: T0, expireAt: T0 };
    const { job, lane } = moved(waiting({}), { lane: busy, laneTicketsAhead: 1 });
    assert.deepEqual([job.status, job.laneTicket, lane], ["queued", undefined, undefined]);
  });

  it("takes a lane ticket when its time has come, not before", () => {
    const job = waiting({ waitingFor: "time", runAt: at("01:00:00.000"), dueAt: at("01:00:00.000"), lane: "l" });
    const { job: first, lane } = moved(job, {}, at("01:00:00.000"));
    assert.deepEqual([first.status, first.laneTicket, lane?.ticketQueue], ["queued", 1, { last: 1, base: 0 }]);
    assert.ok(lane);
    const { job: second } = moved({ ...job, jobId: "second" }, { lane, laneTicketsAhead: 1 }, at("01:00:00.000"));
    assert.deepEqual([second.waitingFor, second.laneTicket, second.ticket], ["lane", 2, undefined]);
  });

  it("leads when no equal job runs, and takes over from one that is gone", () => {
    const job = waiting({ waitingFor: "time", cache: CACHE });
    const { job: leader, cacheEntry } = moved(job);
    assert.deepEqual(
      [leader.status, leader.isCacheLeader, cacheEntry?.jobId, cacheEntry?.isDone],
      ["queued", true, job.jobId, false],
    );
    const gone = { key: "k", jobId: "other", isDone: false, expireAt: at("01:00:00.000") };
    assert.equal(moved(job, { cacheEntry: gone, isLeaderLive: false }).job.isCacheLeader, true);
    const old = { key: "k", jobId: "other", isDone: true, expireAt: T0 };
    assert.equal(moved(job, { cacheEntry: old, cachedOutput: 1 }).job.isCacheLeader, true);
    const deleted = { key: "k", jobId: "other", isDone: true, expireAt: at("01:00:00.000") };
    assert.equal(moved(job, { cacheEntry: deleted }).job.isCacheLeader, true);
  });

  it("follows an equal job that runs, in its turn, before it takes a place", () => {
    const entry = { key: "k", jobId: "first", isDone: false, expireAt: at("01:00:00.000") };
    const job = waiting({ waitingFor: "time", cache: CACHE, lane: "l" });
    const { job: follower, lane, usage } = moved(job, { cacheEntry: entry, isLeaderLive: true });
    assert.deepEqual(
      [follower.waitingFor, follower.sharesResultOf, follower.isCacheLeader],
      ["result", "first", undefined],
    );
    assert.deepEqual(
      [follower.laneTicket, lane?.ticketQueue, follower.ticket, usage],
      [1, { last: 1, base: 0 }, undefined, undefined],
    );
    assert.equal(refusal(follower, { laneTicketsAhead: 0, cacheEntry: entry, isLeaderLive: true }), "early");
    const next = moved(follower, {
      laneTicketsAhead: 0,
      cacheEntry: { ...entry, jobId: "second" },
      isLeaderLive: true,
    });
    assert.equal(next.job.sharesResultOf, "second");
  });

  it("gives its place in the line back when it follows an equal job", () => {
    const entry = { key: "k", jobId: "first", isDone: false, expireAt: at("01:00:00.000") };
    const job = waiting({ waitingFor: "slot", ticket: 9, concurrencyLimit: 2, cache: CACHE });
    const { job: follower, turnsAhead } = moved(job, { ticketsAhead: 5, cacheEntry: entry, isLeaderLive: true });
    assert.deepEqual([follower.waitingFor, follower.ticket, turnsAhead], ["result", undefined, undefined]);
  });

  it("follows no job while it waits for its turn", () => {
    const busy = { laneId: "l", owner: "alice", ticketQueue: { last: 1, base: 0 }, updatedAt: T0, expireAt: T0 };
    const job = waiting({ waitingFor: "result", sharesResultOf: "first", cache: CACHE, lane: "l" });
    const { job: after } = moved(job, { lane: busy, laneTicketsAhead: 1 });
    assert.deepEqual([after.waitingFor, after.laneTicket, after.sharesResultOf], ["lane", 2, undefined]);
  });

  const DONE: PromotionContext = {
    cacheEntry: { key: "k", jobId: "first", isDone: true, expireAt: at("00:00:00.001") },
    cachedOutput: null,
  };

  for (const [where, given] of [
    ["while it follows", { waitingFor: "result", sharesResultOf: "first" }],
    ["while it waits for a slot", { waitingFor: "slot", ticket: 9, lane: "l", laneTicket: 3 }],
    ["when a pause before its next attempt is over", { waitingFor: "time", attempt: 0 }],
  ] as const) {
    it(`completes with the remembered output ${where}, and frees what it held`, () => {
      const { job, result } = moved(waiting({ ...given, cache: CACHE }), {
        ...DONE,
        laneTicketsAhead: 0,
        ticketsAhead: 9,
      });
      assert.deepEqual([job.status, job.cached, job.progress, job.sharesResultOf], ["completed", true, 1, undefined]);
      assert.deepEqual([job.ticket, job.laneTicket], [undefined, undefined]);
      assert.deepEqual([result?.output, result?.cached, result?.attempt, result?.leaseId], [null, true, 0, undefined]);
    });
  }

  it("takes no number of its lane when it completes at once, and waits for its turn before that", () => {
    const job = waiting({ cache: CACHE, lane: "l", history: [] });
    const { job: ended, lane } = moved(job, DONE);
    assert.deepEqual([ended.status, ended.laneTicket, lane], ["completed", undefined, undefined]);
    const busy = { laneId: "l", owner: "alice", ticketQueue: { last: 1, base: 0 }, updatedAt: T0, expireAt: T0 };
    const { job: behind } = moved(job, { ...DONE, lane: busy, laneTicketsAhead: 1 });
    assert.deepEqual([behind.waitingFor, behind.laneTicket, behind.cached], ["lane", 2, undefined]);
  });

  it("leads from the queue on, not while it waits for its time, its turn or a slot", () => {
    const usage = { owner: "alice", minute: { startsAt: T0, jobs: 0 }, day: { startsAt: T0, jobs: 0 } };
    const full = { ...usage, slotQueue: { last: 5, base: 0 }, updatedAt: T0, expireAt: T0 };
    const busy = { laneId: "l", owner: "alice", ticketQueue: { last: 1, base: 0 }, updatedAt: T0, expireAt: T0 };
    const job = waiting({ cache: CACHE, history: [] });
    const waits = [
      moved({ ...job, runAt: at("01:00:00.000") }),
      moved({ ...job, lane: "l" }, { lane: busy, laneTicketsAhead: 1 }),
      moved(job, { usage: full, ticketsAhead: 5 }),
    ];
    assert.deepEqual(
      waits.map(({ job: { waitingFor, isCacheLeader }, cacheEntry }) => [waitingFor, isCacheLeader, cacheEntry]),
      [
        ["time", undefined, undefined],
        ["lane", undefined, undefined],
        ["slot", undefined, undefined],
      ],
    );
    const { job: queued, cacheEntry } = moved({ ...job, waitingFor: "slot", ticket: 6 }, { ticketsAhead: 0 });
    assert.deepEqual([queued.status, queued.isCacheLeader, cacheEntry?.jobId], ["queued", true, job.jobId]);
  });

  it("leads again after a wait while no other job does, and follows the one that does", () => {
    const job = waiting({ waitingFor: "time", attempt: 1, cache: CACHE });
    const own = { key: "k", jobId: job.jobId, isDone: false, expireAt: at("01:00:00.000") };
    const again = moved(job, { cacheEntry: own, isLeaderLive: false });
    assert.deepEqual([again.job.status, again.job.isCacheLeader, again.cacheEntry?.jobId], ["queued", true, job.jobId]);
    const { job: loser } = moved(
      { ...job, isCacheLeader: true },
      { cacheEntry: { ...own, jobId: "other" }, isLeaderLive: true },
    );
    assert.deepEqual([loser.waitingFor, loser.sharesResultOf, loser.isCacheLeader], ["result", "other", undefined]);
  });

  it("continues a run that slept, without the lead when another job has it or has completed", () => {
    const job = waiting({ waitingFor: "time", attempt: 1, resumesAttempt: true, cache: CACHE });
    const other = { key: "k", jobId: "other", isDone: false, expireAt: at("01:00:00.000") };
    const beside = [moved(job, { cacheEntry: other, isLeaderLive: true }), moved(job, DONE)];
    assert.deepEqual(
      beside.map(({ job: { status, isCacheLeader, sharesResultOf, cached }, cacheEntry }) => [
        ...[status, isCacheLeader, sharesResultOf, cached, cacheEntry],
      ]),
      Array(2).fill(["queued", undefined, undefined, undefined, undefined]),
    );
    const alone = moved(job, { cacheEntry: other, isLeaderLive: false });
    assert.deepEqual([alone.job.isCacheLeader, alone.cacheEntry?.jobId], [true, job.jobId]);
  });

  it("follows only a job that can run, and leads only in the queue, whatever is around", () => {
    const usage = { owner: "alice", minute: { startsAt: T0, jobs: 0 }, day: { startsAt: T0, jobs: 0 } };
    const jobs = fc.record(
      {
        waitingFor: fc.constantFrom<WaitingFor>("time", "lane", "slot", "result", "unpublished"),
        runAt: fc.constantFrom(T0, at("01:00:00.000")),
        lane: fc.constant("l"),
        laneTicket: fc.integer({ min: 1, max: 3 }),
        ticket: fc.integer({ min: 1, max: 3 }),
        isCacheLeader: fc.constant(true as const),
        resumesAttempt: fc.constant(true as const),
        cancelRequested: fc.constant(true as const),
      },
      { requiredKeys: ["waitingFor"] },
    );
    const arounds = fc.record(
      {
        cacheEntry: fc.record({
          key: fc.constant("k"),
          jobId: fc.constantFrom("own", "other"),
          isDone: fc.boolean(),
          expireAt: fc.constantFrom(T0, at("01:00:00.000")),
        }),
        isLeaderLive: fc.boolean(),
        cachedOutput: fc.constant(1),
        laneTicketsAhead: fc.nat({ max: 2 }),
        ticketsAhead: fc.nat({ max: 6 }),
        usage: fc.constant({ ...usage, slotQueue: { last: 9, base: 0 }, updatedAt: T0, expireAt: T0 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(jobs, arounds, (given, around) => {
        const answer = promote(waiting({ jobId: "own", cache: CACHE, dueAt: T0, ...given }), around, T0);
        if (answer.outcome === "refused") return;
        const { job, cacheEntry } = answer;
        if (job.waitingFor === "result") {
          assert.deepEqual(
            [around.isLeaderLive, around.cacheEntry?.jobId, job.sharesResultOf],
            [true, "other", "other"],
          );
          assert.equal(job.ticket, undefined);
        }
        if (cacheEntry) assert.deepEqual([job.status, job.isCacheLeader, cacheEntry.jobId], ["queued", true, "own"]);
        if (job.status === "queued") assert.equal(job.isCacheLeader === true, cacheEntry !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it("looks again at one that still has to wait at growing distances, up to an hour", () => {
    const job = waiting({ waitingFor: "slot", ticket: 9, concurrencyLimit: 2 });
    const looks = ["00:01:00.000", "00:05:00.000", "12:00:00.000"].map(
      (time) => moved(job, { ticketsAhead: 2 }, at(time)).job,
    );
    assert.deepEqual(
      looks.map(({ dueAt }) => dueAt),
      [at("00:02:00.000"), at("00:10:00.000"), at("13:00:00.000")],
    );
    assert.deepEqual(
      looks.map(({ waitingFor, updatedAt }) => [waitingFor, updatedAt]),
      Array(3).fill(["slot", T0]),
    );
  });

  it("looks the later the further behind its line's first a job is, up to an hour, and never sooner than before", () => {
    const usage = { owner: "alice", minute: { startsAt: T0, jobs: 0 }, day: { startsAt: T0, jobs: 0 } };
    const line = { ...usage, slotQueue: { last: 900, base: 0 }, updatedAt: T0, expireAt: T0 };
    const first = [2, 3, 41, 900].map((inLine) =>
      moved(waiting({ concurrencyLimit: 2 }), { usage: line, ticketsAhead: inLine }),
    );
    assert.deepEqual(
      first.map(({ job, turnsAhead }) => [job.ticket, turnsAhead, job.dueAt]),
      [
        [901, 1, at("00:01:00.000")],
        [901, 1, at("00:01:00.000")],
        [901, 20, at("00:20:00.000")],
        [901, 450, at("01:00:00.000")],
      ],
    );
    const job = waiting({ waitingFor: "slot", ticket: 9, concurrencyLimit: 2 });
    const again = ["00:01:00.000", "00:45:00.000"].map((time) => moved(job, { ticketsAhead: 60 }, at(time)).job.dueAt);
    assert.deepEqual(again, [at("00:31:00.000"), at("01:30:00.000")]);
  });

  it("queues one whose message was not taken, at the place and the turn it has", () => {
    const job = waiting({ waitingFor: "unpublished", ticket: 2, concurrencyLimit: 2, lane: "l", laneTicket: 1 });
    const { job: after } = moved(job, { ticketsAhead: 1, laneTicketsAhead: 0 });
    assert.deepEqual([after.status, after.ticket, after.laneTicket], ["queued", 2, 1]);
  });

  it("names the documents and counts that its stages read", () => {
    const job = waiting({ waitingFor: "time", lane: "l", cache: CACHE });
    const [inLane, inSlots] = [
      { laneId: "l", capacity: 1, limit: 1 },
      { capacity: 5, limit: 1000 },
    ];
    const all = { laneId: "l", laneTickets: inLane, cacheKey: "k", usage: true, slotTickets: inSlots };
    assert.deepEqual(promotionReads(job, T0), all);
    const held = { laneTickets: { ...inLane, below: 7 }, slotTickets: { ...inSlots, below: 9 } };
    assert.deepEqual(promotionReads({ ...job, laneTicket: 7, ticket: 9 }, T0), { ...held, cacheKey: "k" });
    assert.deepEqual(promotionReads(waiting({}), T0), { usage: true, slotTickets: inSlots });
  });

  it("reads nothing before its time, or for a job that is not pending", () => {
    const job = waiting({ waitingFor: "time", lane: "l", cache: CACHE });
    assert.deepEqual(promotionReads({ ...job, runAt: at("01:00:00.000") }, T0), {});
    assert.deepEqual(promotionReads(aJob(), T0), {});
  });
});
