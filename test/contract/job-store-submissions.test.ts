import assert from "node:assert/strict";
import { aSubmission, limits, randomJobId, randomOwner } from "../support/jobs.ts";
import { after0, applied, claimBy, completeBy, onBothJobStores, submitted, T0 } from "./both-job-stores.ts";

/** Long enough for fifty submissions that keep meeting each other. */

onBothJobStores("of submissions", (stores) => {
  it("accepts a job into the queue, with its input, and counts it", async () => {
    const [jobs] = stores();
    const owner = randomOwner();
    const tier = limits({ jobsPerMinute: 10, jobsPerDay: 100 });
    const answer = await jobs.submit(aSubmission({ owner, limits: tier }), { n: 1 }, after0(15_000));
    assert.ok(answer.outcome === "accepted");
    const { jobId, status, ticket, dueAt } = answer.job;
    assert.deepEqual([status, ticket, dueAt], ["queued", 1, after0(75_000)]);
    assert.deepEqual(answer.quotas.minute, { limit: 10, remaining: 9, resetMs: 45_000 });
    assert.deepEqual(answer.quotas.day, { limit: 100, remaining: 99, resetMs: 86_385_000 });
    assert.deepEqual(await jobs.read(jobId), answer.job);
    assert.deepEqual(await jobs.readInput(jobId), { n: 1 });
    const usage = await jobs.readUsage(owner);
    assert.deepEqual([usage?.minute.jobs, usage?.day.jobs, usage?.slotQueue.last], [1, 1, 1]);
  });

  it("answers undefined for the usage of an owner who never submitted", async () => {
    assert.equal(await stores()[0].readUsage(randomOwner()), undefined);
  });

  it("accepts any number of delayed jobs, through either door", async () => {
    const [one, other] = stores();
    const owner = randomOwner();
    for (const door of [one, other, other, one]) {
      const job = await submitted(door, { owner, runAt: after0(3_600_000) });
      assert.deepEqual([job.status, job.waitingFor, job.ticket], ["pending", "time", undefined]);
    }
    assert.equal((await one.readUsage(owner))?.minute.jobs, 4);
  });

  it("accepts a delayed job whose time comes while it waits for those before it", async () => {
    const [jobs] = stores();
    const owner = randomOwner();
    const ordered = { owner, orderingKey: "k", lane: randomJobId() };
    await submitted(jobs, ordered);
    // The first goes alone, and the other two together after it.
    const [, , delayed] = await Promise.all([
      submitted(jobs, { owner }),
      submitted(jobs, { owner }),
      submitted(jobs, { ...ordered, runAt: after0(1) }, after0(1)),
    ]);
    assert.deepEqual([delayed?.waitingFor, delayed?.laneTicket], ["lane", 2]);
  });

  it("takes exactly the quota of fifty submissions at once through two doors, and queues as many as there are slots", async () => {
    const [one, other] = stores();
    const owner = randomOwner();
    const tier = limits({ jobsPerMinute: 30, activeJobs: 5 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        (i % 2 ? one : other).submit(aSubmission({ owner, limits: tier }), null, after0(i)),
      ),
    );
    const accepted = answers.flatMap((answer) => (answer.outcome === "accepted" ? [answer.job] : []));
    const limited = answers.flatMap((answer) => (answer.outcome === "limited" ? [answer] : []));
    assert.deepEqual([accepted.length, limited.length], [30, 20]);
    assert.ok(limited.every(({ quota, until }) => quota === "minute" && until.getTime() === after0(60_000).getTime()));
    const places = accepted.map(({ ticket }) => ticket ?? 0).sort((a, b) => a - b);
    assert.deepEqual(
      places,
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    const queued = accepted.filter(({ status }) => status === "queued");
    assert.deepEqual(queued.map(({ ticket }) => ticket ?? 0).sort(), [1, 2, 3, 4, 5]);
    assert.equal((await one.readUsage(owner))?.minute.jobs, 30);
    assert.deepEqual(await one.countActive(owner), { active: 5, waiting: 25 });
  });

  it("stores nothing of what it does not accept", async () => {
    const [jobs] = stores();
    const owner = randomOwner();
    const tier = limits({ jobsPerDay: 1 });
    await submitted(jobs, { owner, limits: tier });
    const refused = aSubmission({ owner, limits: tier });
    const answer = await jobs.submit(refused, null, T0);
    assert.ok(answer.outcome === "limited");
    assert.deepEqual([answer.quota, answer.until], ["day", after0(86_400_000)]);
    assert.equal(await jobs.read(refused.jobId), undefined);
  });

  it("counts again in the next minute", async () => {
    const [jobs] = stores();
    const given = { owner: randomOwner(), limits: limits({ jobsPerMinute: 1 }) };
    await submitted(jobs, given);
    assert.equal((await jobs.submit(aSubmission(given), null, after0(59_999))).outcome, "limited");
    await submitted(jobs, given, after0(60_000));
  });

  it("makes one job of ten equal requests with one key at once, and names what differs in another", async () => {
    const [one, other] = stores();
    const request = aSubmission({ requestHashes: { type: "t", input: "i" } });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? one : other).submit(request, { n: i }, T0)),
    );
    assert.deepEqual(answers.map(({ outcome }) => outcome).sort(), ["accepted", ...Array(9).fill("replayed")]);
    assert.ok(answers.every((answer) => "job" in answer && answer.job.jobId === request.jobId));
    const changed = { ...request, requestHashes: { type: "t", input: "j", runAt: "r" } };
    const conflict = await other.submit(changed, null, T0);
    assert.deepEqual(conflict.outcome === "conflict" && conflict.differs, ["input", "runAt"]);
    assert.equal((await one.readUsage(request.owner))?.minute.jobs, 1);
  });

  it("keeps the inputs of large jobs that come together", async () => {
    const [jobs] = stores();
    const owner = randomOwner();
    const inputs = ["a", "b", "c", "d", "e", "f"].map((letter) => letter.repeat(900_000));
    const requests = inputs.map(() => aSubmission({ owner }));
    await Promise.all(requests.map((request, i) => jobs.submit(request, inputs[i] ?? null, T0)));
    for (const [i, { jobId }] of requests.entries()) assert.equal(await jobs.readInput(jobId), inputs[i]);
  });

  it("gives jobs with one ordering key turns, and queues the first", async () => {
    const [one, other] = stores();
    const given = { owner: randomOwner(), orderingKey: "k", lane: randomJobId() };
    const answers = await Promise.all([one, other, one, other].map((door) => submitted(door, given)));
    const byTurn = answers.sort((a, b) => (a.laneTicket ?? 0) - (b.laneTicket ?? 0));
    assert.deepEqual(
      byTurn.map(({ laneTicket, status, waitingFor }) => [laneTicket, status, waitingFor]),
      [
        [1, "queued", undefined],
        [2, "pending", "lane"],
        [3, "pending", "lane"],
        [4, "pending", "lane"],
      ],
    );
    assert.deepEqual(
      byTurn.map(({ ticket }) => ticket),
      [1, undefined, undefined, undefined],
    );
  });

  it("lets equal jobs of two owners at once follow one of them", async () => {
    const [one, other] = stores();
    const cache = { key: randomJobId(), ttlMs: 60_000 };
    const answers = await Promise.all([one, other, one].map((door) => submitted(door, { cache })));
    const leader = answers.find(({ isCacheLeader }) => isCacheLeader);
    assert.equal(leader?.status, "queued");
    const followers = answers.filter(({ jobId }) => jobId !== leader?.jobId);
    assert.deepEqual(
      followers.map(({ waitingFor, sharesResultOf }) => [waitingFor, sharesResultOf]),
      Array(2).fill(["result", leader?.jobId]),
    );
  });

  it("completes an equal job at once with the remembered output, until that is too old", async () => {
    const [one, other] = stores();
    const cache = { key: randomJobId(), ttlMs: 60_000 };
    const first = await submitted(one, { cache });
    await applied(one, first.jobId, [claimBy("a"), completeBy("a")]);
    const second = await submitted(other, { cache }, after0(59_999));
    assert.deepEqual([second.status, second.cached, second.attempt, second.ticket], ["completed", true, 0, undefined]);
    const result = await other.readResult(second.jobId);
    assert.deepEqual([result?.output, result?.cached, result?.leaseId], ["a", true, undefined]);
    const third = await submitted(other, { cache }, after0(60_000));
    assert.deepEqual([third.status, third.isCacheLeader], ["queued", true]);
  });

  it("remembers no failure", async () => {
    const [one, other] = stores();
    const cache = { key: randomJobId(), ttlMs: 60_000 };
    const error = { code: "boom", message: "It broke." };
    const first = await submitted(one, { cache });
    const failed = { kind: "fail", leaseId: "a", error, isPermanent: true, retryAt: T0 } as const;
    await applied(one, first.jobId, [claimBy("a"), failed]);
    const second = await submitted(other, { cache });
    assert.deepEqual([second.status, second.isCacheLeader], ["queued", true]);
  });

  it("goes by each request's own slots when an owner's tier has just changed", async () => {
    const [jobs] = stores();
    const owner = randomOwner();
    const [small, large] = [limits({ jobsPerMinute: 6, activeJobs: 2 }), limits({ activeJobs: 5 })];
    for (let i = 0; i < 6; i++) await submitted(jobs, { owner, limits: large });
    // The first goes alone, and the other two together after it.
    const [, limited, accepted] = await Promise.all(
      [large, small, large].map((tier) => jobs.submit(aSubmission({ owner, limits: tier }), null, T0)),
    );
    assert.equal(limited?.outcome, "limited");
    assert.equal(accepted?.outcome === "accepted" && accepted.job.waitingFor, "slot");
  });
});
