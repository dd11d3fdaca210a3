import assert from "node:assert/strict";
import { limits, randomJobId, randomOwner } from "../support/jobs.ts";
import { after0, applied, claimBy, completeBy, onBothJobStores, submitted, T0 } from "./both-job-stores.ts";

onBothJobStores("of jobs that wait", (stores) => {
  it("answers not-found for a job that is not there, and refuses one that is past waiting", async () => {
    const [jobs] = stores();
    assert.deepEqual(await jobs.promote(randomJobId(), T0), { outcome: "not-found" });
    const { jobId } = await submitted(jobs);
    const answer = await jobs.promote(jobId, T0);
    assert.equal(answer.outcome === "refused" && answer.reason, "not-pending");
  });

  it("leaves a delayed job where it is before its time, and queues it then, with a place", async () => {
    const [jobs] = stores();
    const { jobId } = await submitted(jobs, { runAt: after0(90_000) });
    const early = await jobs.promote(jobId, after0(89_999));
    assert.equal(early.outcome === "refused" && early.reason, "early");
    const answer = await jobs.promote(jobId, after0(90_000));
    assert.ok(answer.outcome === "moved");
    const { status, ticket, runAt, waitingFor } = answer.job;
    assert.deepEqual([status, ticket, runAt, waitingFor], ["queued", 1, undefined, undefined]);
    assert.deepEqual(await jobs.read(jobId), answer.job);
  });

  it("admits a delayed job once, when ten advance it at the same time", async () => {
    const [one, other] = stores();
    const { jobId, owner } = await submitted(one, { runAt: after0(90_000) });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? one : other).promote(jobId, after0(90_000))),
    );
    assert.equal(answers.filter(({ outcome }) => outcome === "moved").length, 1);
    assert.equal((await one.readUsage(owner))?.slotQueue.last, 1);
  });

  it("gives a slot that came free to the next in line, when all who wait are advanced at once", async () => {
    const [one, other] = stores();
    const given = { owner: randomOwner(), limits: limits({ activeJobs: 1 }) };
    const [first, ...waiting] = [await submitted(one, given), await submitted(one, given), await submitted(one, given)];
    assert.deepEqual(
      await one.listWaiting(given.owner, 10),
      waiting.map(({ jobId }) => jobId),
    );
    assert.deepEqual(await one.listWaiting(given.owner, 1), [waiting[0]?.jobId]);
    await applied(one, first?.jobId ?? "", [claimBy("a"), completeBy("a")]);
    await Promise.all([...waiting, ...waiting].map(({ jobId }, i) => (i % 2 ? one : other).promote(jobId, T0)));
    const states = await Promise.all(waiting.map(({ jobId }) => one.read(jobId)));
    assert.deepEqual(
      states.map((job) => [job?.status, job?.waitingFor]),
      [
        ["queued", undefined],
        ["pending", "slot"],
      ],
    );
  });

  it("finds the next job of a lane, which may run once the one before it is final", async () => {
    const [one, other] = stores();
    const given = { owner: randomOwner(), lane: randomJobId(), orderingKey: "k" };
    const [first, second, third] = [
      await submitted(one, given),
      await submitted(one, given),
      await submitted(one, given),
    ];
    assert.equal(await other.readNextInLane(given.lane), undefined);
    await other.promote(second.jobId, T0);
    assert.equal((await one.read(second.jobId))?.waitingFor, "lane");
    await applied(one, first.jobId, [{ kind: "cancel" }]);
    assert.equal(await other.readNextInLane(given.lane), second.jobId);
    await Promise.all([third, second].map(({ jobId }) => other.promote(jobId, T0)));
    assert.equal((await one.read(second.jobId))?.status, "queued");
    assert.equal((await one.read(third.jobId))?.waitingFor, "lane");
  });

  it("completes those that followed a job with its output", async () => {
    const [one, other] = stores();
    const cache = { key: randomJobId(), ttlMs: 60_000 };
    const leader = await submitted(one, { cache });
    const followers = [await submitted(other, { cache }), await submitted(other, { cache })];
    const ids = followers.map(({ jobId }) => jobId);
    assert.deepEqual((await one.listFollowers(leader.jobId, 10)).sort(), [...ids].sort());
    assert.equal((await one.listFollowers(leader.jobId, 1)).length, 1);
    await applied(one, leader.jobId, [claimBy("a"), completeBy("a")]);
    await Promise.all(ids.map((jobId) => other.promote(jobId, T0)));
    for (const jobId of ids) {
      const [job, result] = [await one.read(jobId), await one.readResult(jobId)];
      assert.deepEqual([job?.status, job?.cached, result?.output], ["completed", true, "a"]);
    }
    assert.deepEqual(await one.listFollowers(leader.jobId, 10), []);
  });

  it("lets one of those that followed a failed job run, and the others follow that one", async () => {
    const [one, other] = stores();
    const cache = { key: randomJobId(), ttlMs: 60_000 };
    const leader = await submitted(one, { cache });
    const followers = [
      await submitted(one, { cache }),
      await submitted(one, { cache }),
      await submitted(one, { cache }),
    ];
    await applied(one, leader.jobId, [{ kind: "cancel" }]);
    await Promise.all(followers.map(({ jobId }, i) => (i % 2 ? one : other).promote(jobId, T0)));
    const jobs = await Promise.all(followers.map(({ jobId }) => one.read(jobId)));
    const next = jobs.find((job) => job?.isCacheLeader);
    assert.equal(next?.status, "queued");
    assert.equal(jobs.filter((job) => job?.sharesResultOf === next?.jobId).length, 2);
  });

  it("puts the second look off when a job that is due has to wait on", async () => {
    const [jobs] = stores();
    const given = { owner: randomOwner(), limits: limits({ activeJobs: 1 }) };
    await submitted(jobs, given);
    const { jobId } = await submitted(jobs, given);
    const early = await jobs.promote(jobId, after0(59_999));
    assert.equal(early.outcome, "refused");
    const answer = await jobs.promote(jobId, after0(300_000));
    assert.ok(answer.outcome === "moved");
    assert.deepEqual([answer.job.waitingFor, answer.job.dueAt], ["slot", after0(600_000)]);
  });
});
