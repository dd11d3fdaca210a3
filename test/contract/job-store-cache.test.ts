import assert from "node:assert/strict";
import type { JobCommand } from "../../engine/src/jobs/rules/transitions.ts";
import type { MemoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { limits, randomJobId, randomOwner } from "../support/jobs.ts";
import { after0, applied, claimBy, completeBy, onBothJobStores, submitted, T0 } from "./both-job-stores.ts";

const HOUR_MS = 3_600_000;
const error = { code: "boom", message: "It broke." };

function failBy(leaseId: string, isPermanent: boolean): JobCommand {
  return { kind: "fail", leaseId, error, isPermanent, retryAt: after0(HOUR_MS) };
}

function sleepBy(leaseId: string): JobCommand {
  return { kind: "suspend", leaseId, until: after0(HOUR_MS) };
}

const aCache = () => ({ key: randomJobId(), ttlMs: 24 * HOUR_MS });

async function stateOf(store: MemoryJobStore, jobId: string) {
  const job = await store.read(jobId);
  return [job?.waitingFor ?? job?.status, job?.isCacheLeader, job?.sharesResultOf];
}

onBothJobStores("of equal jobs", (stores) => {
  it("lets an equal job run while one waits for its turn, its slot or its time", async () => {
    const [one, other] = stores();
    const [cache, owner, lane] = [aCache(), randomOwner(), randomJobId()];
    await submitted(one, { owner, lane, orderingKey: "k", limits: limits({ activeJobs: 1 }) });
    const waiting = [
      await submitted(one, { owner, cache, lane, orderingKey: "k" }),
      await submitted(one, { owner, cache, limits: limits({ activeJobs: 1 }) }),
      await submitted(one, { owner, cache, runAt: after0(HOUR_MS) }),
    ];
    assert.deepEqual(
      waiting.map(({ waitingFor, isCacheLeader }) => [waitingFor, isCacheLeader]),
      [
        ["lane", undefined],
        ["slot", undefined],
        ["time", undefined],
      ],
    );
    const { status, isCacheLeader } = await submitted(other, { cache });
    assert.deepEqual([status, isCacheLeader], ["queued", true]);
  });

  it("lets a job that waits for a slot follow an equal one, which leaves the slot to the next", async () => {
    const [one, other] = stores();
    const [cache, given] = [aCache(), { owner: randomOwner(), limits: limits({ activeJobs: 1 }) }];
    await submitted(one, given);
    const [waiting, next] = [await submitted(one, { ...given, cache }), await submitted(one, given)];
    const leader = await submitted(other, { cache });
    assert.equal((await other.promote(waiting.jobId, T0)).outcome, "moved");
    assert.deepEqual(await stateOf(one, waiting.jobId), ["result", undefined, leader.jobId]);
    assert.deepEqual(await one.listWaiting(given.owner, 10), [next.jobId]);
  });

  it("completes a job with a remembered output in its turn, not before", async () => {
    const [one, other] = stores();
    const [cache, lane] = [aCache(), { owner: randomOwner(), lane: randomJobId(), orderingKey: "k" }];
    const first = await submitted(one, { cache });
    await applied(one, first.jobId, [claimBy("a"), completeBy("a")]);
    const head = await submitted(one, lane);
    const second = await submitted(one, { ...lane, cache });
    assert.deepEqual([second.waitingFor, second.laneTicket], ["lane", 2]);
    await other.promote(second.jobId, T0);
    assert.equal((await stateOf(one, second.jobId))[0], "lane");
    await applied(one, head.jobId, [{ kind: "cancel" }]);
    assert.equal(await other.readNextInLane(lane.lane), second.jobId);
    await other.promote(second.jobId, T0);
    assert.equal((await stateOf(one, second.jobId))[0], "completed");
    assert.equal((await submitted(one, { ...lane, cache })).status, "completed");
  });

  for (const [what, event, resumed] of [
    ["sleeps", sleepBy("a"), ["queued", undefined]],
    ["waits for its next attempt", failBy("a", false), ["result", undefined]],
  ] as const) {
    it(`gives the lead of a job that ${what} to another, which keeps it`, async () => {
      const [one, other] = stores();
      const cache = aCache();
      const leader = await submitted(one, { cache });
      const follower = await submitted(one, { cache });
      await applied(one, leader.jobId, [claimBy("a"), event]);
      assert.deepEqual(await stateOf(other, leader.jobId), ["time", undefined, undefined]);
      await other.promote(follower.jobId, T0);
      assert.deepEqual(await stateOf(one, follower.jobId), ["queued", true, undefined]);
      await one.promote(leader.jobId, after0(HOUR_MS));
      const [state, leads, follows] = await stateOf(other, leader.jobId);
      assert.deepEqual([[state, leads], follows], [resumed, state === "result" ? follower.jobId : undefined]);
      assert.equal((await submitted(one, { cache })).sharesResultOf, follower.jobId);
    });
  }

  it("lets a job lead again when its wait is over and no other one does", async () => {
    const [one, other] = stores();
    const cache = aCache();
    const { jobId } = await submitted(one, { cache });
    await applied(one, jobId, [claimBy("a"), sleepBy("a")]);
    await other.promote(jobId, after0(HOUR_MS));
    assert.deepEqual(await stateOf(one, jobId), ["queued", true, undefined]);
    assert.equal((await submitted(one, { cache }, after0(HOUR_MS))).sharesResultOf, jobId);
    await applied(one, jobId, [claimBy("b"), completeBy("b")], after0(HOUR_MS));
    assert.equal((await submitted(other, { cache }, after0(HOUR_MS))).cached, true);
  });

  it("gives the lead to one of a job that is back and another that comes at that moment", async () => {
    const [one, other] = stores();
    for (let round = 0; round < 5; round++) {
      const cache = aCache();
      const { jobId } = await submitted(one, { cache });
      await applied(one, jobId, [claimBy("a"), failBy("a", false)]);
      const [, late] = await Promise.all([
        one.promote(jobId, after0(HOUR_MS)),
        submitted(other, { cache }, after0(HOUR_MS)),
      ]);
      const states = await Promise.all([jobId, late.jobId].map((id) => stateOf(one, id)));
      assert.deepEqual(states.map(([state]) => state).sort(), ["queued", "result"]);
      assert.equal(states.filter(([, leads]) => leads).length, 1);
    }
  });

  const endings: [string, JobCommand[]][] = [
    ["completes", [claimBy("b"), completeBy("b")]],
    ["fails", [claimBy("b"), failBy("b", true)]],
    ["is cancelled", [{ kind: "cancel" }]],
  ];
  for (const [how, events] of endings) {
    it(`leaves the entry to the job that has the lead when one that had it ${how}`, async () => {
      const [one, other] = stores();
      const cache = aCache();
      const slept = await submitted(one, { cache });
      await applied(one, slept.jobId, [claimBy("a"), sleepBy("a")]);
      const leader = await submitted(other, { cache });
      await one.promote(slept.jobId, after0(HOUR_MS));
      await applied(one, slept.jobId, events, after0(HOUR_MS));
      assert.equal((await submitted(other, { cache }, after0(HOUR_MS))).sharesResultOf, leader.jobId);
      await applied(other, leader.jobId, [claimBy("c"), completeBy("c")], after0(HOUR_MS));
      const hit = await submitted(one, { cache }, after0(HOUR_MS));
      assert.equal((await one.readResult(hit.jobId))?.output, "c");
    });
  }

  it("leaves an entry that names another job as it is, whatever the ending job believes", async () => {
    const [one, other] = stores();
    const cache = aCache();
    const leader = await submitted(one, { cache });
    await applied(one, leader.jobId, [claimBy("a"), completeBy("a")]);
    const late = { ...leader, jobId: randomJobId() };
    await one.put(late, null);
    await applied(other, late.jobId, [claimBy("b"), failBy("b", true)]);
    assert.equal((await submitted(other, { cache })).cached, true);
  });

  it("lets another equal job run when the one that leads is told to stop", async () => {
    const [one, other] = stores();
    const cache = aCache();
    const leader = await submitted(one, { cache });
    const follower = await submitted(other, { cache });
    await applied(one, leader.jobId, [claimBy("a"), { kind: "cancel" }]);
    await other.promote(follower.jobId, T0);
    assert.deepEqual(await stateOf(one, follower.jobId), ["queued", true, undefined]);
  });
});
