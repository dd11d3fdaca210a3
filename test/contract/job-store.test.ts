import assert from "node:assert/strict";
import { before } from "mocha";
import type { JobCommand } from "../../engine/src/jobs/rules/transitions.ts";
import type { MemoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { aJob, type GivenJob, randomJobId, randomOwner } from "../support/jobs.ts";
import { claimBy, onBothJobStores, T0 } from "./both-job-stores.ts";

onBothJobStores("of jobs and their results", (stores) => {
  let jobs: MemoryJobStore;
  before(() => {
    [jobs] = stores();
  });

  async function stored(given: GivenJob = {}, input: Parameters<MemoryJobStore["put"]>[1] = { n: 1 }) {
    const job = aJob({ owner: randomOwner(), ...given });
    await jobs.put(job, input);
    return job;
  }

  it("gives back the job it was given, to the millisecond", async () => {
    const job = await stored({ tags: ["a"], metadata: { k: "v" }, hasWebhookUrl: true });
    assert.deepEqual(await jobs.read(job.jobId), job);
  });

  it("answers undefined for what is not there", async () => {
    const jobId = randomJobId();
    assert.equal(await jobs.read(jobId), undefined);
    assert.equal(await jobs.readInput(jobId), undefined);
    assert.equal(await jobs.readResult(jobId), undefined);
    assert.deepEqual(await jobs.apply(jobId, { kind: "cancel" }, T0), { outcome: "not-found" });
  });

  it("gives one of ten concurrent claimants the lease", async () => {
    const { jobId } = await stored();
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, i) => jobs.apply(jobId, claimBy(`lease-${i}`), T0)),
    );
    assert.equal(claims.filter((claim) => claim.outcome === "moved").length, 1);
    assert.equal((await jobs.read(jobId))?.attempt, 1);
  });

  it("commits the final status and the result together, once", async () => {
    const { jobId } = await stored();
    await jobs.apply(jobId, claimBy("a"), T0);
    const end: JobCommand = { kind: "complete", leaseId: "a", output: { answer: [1, { two: null }] } };
    const ends = await Promise.all([jobs.apply(jobId, end, T0), jobs.apply(jobId, end, T0)]);
    assert.deepEqual(ends.map((one) => one.outcome).sort(), ["moved", "refused"]);
    assert.equal((await jobs.read(jobId))?.status, "completed");
    assert.deepEqual((await jobs.readResult(jobId))?.output, { answer: [1, { two: null }] });
  });

  it("removes the fields that a transition removes", async () => {
    const { jobId } = await stored();
    await jobs.apply(jobId, claimBy("a"), T0);
    await jobs.apply(jobId, { kind: "progress", leaseId: "a", leaseMs: 1, progress: 0.5, step: "half" }, T0);
    await jobs.apply(jobId, { kind: "cancel" }, T0);
    const fail = {
      kind: "fail",
      leaseId: "a",
      error: { code: "c", message: "m" },
      isPermanent: false,
      retryAt: T0,
    } as const;
    await jobs.apply(jobId, fail, T0);
    const job = await jobs.read(jobId);
    assert.deepEqual([job?.status, job?.lease, job?.dueAt, job?.runAt], ["cancelled", undefined, undefined, undefined]);
  });

  it("keeps the input through every transition", async () => {
    const { jobId } = await stored();
    await jobs.apply(jobId, claimBy("a"), T0);
    await jobs.apply(jobId, { kind: "complete", leaseId: "a", output: 1 }, T0);
    assert.deepEqual(await jobs.readInput(jobId), { n: 1 });
  });

  const inputs = {
    null: null,
    "nested arrays": [[1, [2]], { points: [[1, 2]] }],
    "over 8 KiB": "x".repeat(20_000),
    "900 KiB": "y".repeat(921_000),
  };
  for (const [kind, input] of Object.entries(inputs)) {
    it(`keeps an input of ${kind}`, async () => {
      const { jobId } = await stored({}, input);
      assert.deepEqual(await jobs.readInput(jobId), input);
    });
  }

  for (const [kind, output] of Object.entries({ ...inputs, "over 100 KiB": "z".repeat(200_000) })) {
    it(`keeps an output of ${kind}`, async () => {
      const { jobId } = await stored();
      await jobs.apply(jobId, claimBy("a"), T0);
      await jobs.apply(jobId, { kind: "complete", leaseId: "a", output }, T0);
      assert.deepEqual((await jobs.readResult(jobId))?.output, output);
    });
  }

  it("lists what is due in some shards, the longest due first", async () => {
    // The years before any other test's jobs.
    const on = (year: number) => new Date(Date.UTC(year, 0, 1));
    const [late, later, latest] = [
      await stored({ dueAt: on(1991), shard: 3 }),
      await stored({ dueAt: on(1990), shard: 3 }),
      await stored({ dueAt: on(1993), shard: 3 }),
    ];
    const early = await stored({ dueAt: on(1989), shard: 4 });
    const due = async (year: number, limit: number, shards = [3]) =>
      (await jobs.listDue(shards, on(year), limit)).map(({ jobId }) => jobId);
    assert.deepEqual(await due(1992, 10), [later.jobId, late.jobId]);
    assert.deepEqual(await due(1993, 2), [later.jobId, late.jobId]);
    assert.deepEqual(await due(1992, 10, [3, 4]), [early.jobId, later.jobId, late.jobId]);
    await Promise.all([early, late, later, latest].map(({ jobId }) => jobs.apply(jobId, { kind: "cancel" }, T0)));
    assert.deepEqual(await due(1993, 10), []);
  });

  describe("listing", () => {
    const owner = randomOwner();
    const on = (day: number) => new Date(Date.UTC(2026, 0, day));
    before(async () => {
      const given: GivenJob[] = [
        { tags: ["x"] },
        { type: "other.job" },
        {},
        { status: "failed" },
        { tags: ["x", "y"] },
      ];
      for (const [day, one] of given.entries()) {
        await jobs.put(aJob({ owner, ...one }, on(day + 1)), null);
      }
      await stored();
    });
    const days = async (filter: object) => {
      const page = await jobs.list({ owner, limit: 10, ...filter });
      assert.ok(page !== "bad-cursor");
      return page.jobs.map((job) => job.createdAt.getUTCDate());
    };

    it("gives the owner's jobs only, newest first", async () => assert.deepEqual(await days({}), [5, 4, 3, 2, 1]));
    it("filters by status", async () => assert.deepEqual(await days({ status: "failed" }), [4]));
    it("filters by type", async () => assert.deepEqual(await days({ type: "other.job" }), [2]));
    it("filters by tag", async () => assert.deepEqual(await days({ tag: "x" }), [5, 1]));
    it("filters by all of them at once", async () => {
      assert.deepEqual(await days({ status: "queued", type: "test.job", tag: "y" }), [5]);
    });

    it("pages through all jobs, each once", async () => {
      const seen: number[] = [];
      let cursor: string | undefined;
      do {
        const page = await jobs.list({ owner, limit: 2, ...(cursor !== undefined && { cursor }) });
        assert.ok(page !== "bad-cursor");
        seen.push(...page.jobs.map((job) => job.createdAt.getUTCDate()));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      assert.deepEqual(seen, [5, 4, 3, 2, 1]);
    });

    it("answers bad-cursor to a cursor it never gave", async () => {
      assert.equal(await jobs.list({ owner, limit: 2, cursor: "nonsense" }), "bad-cursor");
    });
  });
});
