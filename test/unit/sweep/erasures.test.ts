import assert from "node:assert/strict";
import sinon from "sinon";
import { carryOutErasures } from "../../../engine/src/erasure/carry-out-erasures.ts";
import type { Erasure, Erasures } from "../../../engine/src/erasure/ports.ts";
import { withEngine } from "../../../engine/src/jobs/engine.ts";
import { aSweep, inMs, NOW } from "./a-sweep.ts";

const ERASURE: Erasure = {
  owner: "alice",
  requestedAt: inMs(-90_000),
  dueAt: NOW,
  shard: 0,
  expireAt: inMs(1_000_000),
};
const ENDS_AT = inMs(55_000);

/** An owner's jobs in memory, and fakes that erase nothing else. */
function setup(given: Partial<Pick<Erasures, "listDue" | "finish">> = {}) {
  const base = aSweep();
  const { jobs } = base.ports;
  const listed = async (isWanted: (status: string) => boolean) => {
    const page = await jobs.list({ owner: "alice", limit: 1000 });
    return page === "bad-cursor" ? [] : page.jobs.filter(({ status }) => isWanted(status)).map(({ jobId }) => jobId);
  };
  const erased = new Set<string>();
  const erasures = {
    listDue: given.listDue ?? (async () => [ERASURE]),
    listUnended: async (_: Erasure, limit: number) => {
      const unended = await listed((status) => ["pending", "queued", "processing"].includes(status));
      return unended.slice(0, limit);
    },
    eraseJobs: async (_: Erasure, limit: number) => {
      const ended = await listed((status) => ["completed", "failed", "cancelled"].includes(status));
      const page = ended.filter((jobId) => !erased.has(jobId)).slice(0, limit);
      for (const jobId of page) erased.add(jobId);
      return page.length;
    },
    eraseRest: sinon.fake.resolves(0),
    finish: sinon.fake(given.finish ?? (async () => {})),
    putOff: sinon.fake((_: Erasure, __: Date) => Promise.resolve()),
  };
  return { ...base, ports: withEngine({ ...base.ports, erasures }), erasures, erased };
}

describe("carryOutErasures", () => {
  it("stops and erases what waits, page by page, and the request when nothing was left 90 s later", async () => {
    const { ports, put, clock, erasures, erased } = setup();
    for (let i = 0; i < 120; i++) await put();
    assert.equal(await carryOutErasures(ports, NOW, ENDS_AT), 120);
    assert.equal(erased.size, 120);
    assert.deepEqual([erasures.finish.callCount, erasures.putOff.args], [0, [[ERASURE, inMs(90_000)]]]);
    await clock.advance(90_000);
    assert.equal(await carryOutErasures(ports, inMs(90_000), inMs(145_000)), 0);
    assert.deepEqual([erasures.finish.callCount, erasures.putOff.callCount], [1, 1]);
  });

  it("keeps the request for 90 s, though nothing is left: a submission may still be under way", async () => {
    const { ports, erasures } = setup({ listDue: async () => [{ ...ERASURE, requestedAt: inMs(-60_000) }] });
    await carryOutErasures(ports, NOW, ENDS_AT);
    assert.deepEqual([erasures.finish.callCount, erasures.putOff.args[0]?.[1]], [0, inMs(30_000)]);
  });

  it("tells a running job to stop, and continues once it has stopped", async () => {
    const { ports, put, erasures, erased } = setup();
    const running = await put({ status: "processing", attempt: 1, lease: { id: "l", until: inMs(60_000) } });
    await put({ status: "completed" });
    assert.equal(await carryOutErasures(ports, NOW, ENDS_AT), 1);
    assert.deepEqual([erasures.finish.callCount, erasures.putOff.args], [0, [[ERASURE, NOW]]]);
    assert.equal((await ports.jobs.read(running.jobId))?.cancelRequested, true);

    const error = { code: "cancelled", message: "stopped" };
    await ports.jobs.apply(running.jobId, { kind: "fail", leaseId: "l", error, isPermanent: true, retryAt: NOW }, NOW);
    assert.equal(await carryOutErasures(ports, NOW, ENDS_AT), 1);
    assert.deepEqual([erased.has(running.jobId), erasures.putOff.args.at(-1)], [true, [ERASURE, inMs(90_000)]]);
  });

  it("keeps the request for a job that ends while it erases the others", async () => {
    const { ports, put, erasures } = setup();
    const running = await put({ status: "processing", attempt: 1, lease: { id: "l", until: inMs(60_000) } });
    const error = { code: "cancelled", message: "stopped" };
    const end = { kind: "fail", leaseId: "l", error, isPermanent: true, retryAt: NOW } as const;
    const eraseRest = async () => {
      await ports.jobs.apply(running.jobId, end, NOW);
      return 0;
    };
    await carryOutErasures({ ...ports, erasures: { ...erasures, eraseRest } }, NOW, ENDS_AT);
    assert.deepEqual([erasures.finish.callCount, erasures.putOff.callCount], [0, 1]);
  });

  it("does not ask again and again for a page of jobs that are still stopping", async () => {
    const { ports, put, erasures } = setup();
    for (let i = 0; i < 50; i++) await put({ status: "processing", lease: { id: "l", until: inMs(60_000) } });
    const listUnended = sinon.spy(erasures.listUnended);
    await carryOutErasures({ ...ports, erasures: { ...erasures, listUnended } }, NOW, ENDS_AT);
    assert.equal(listUnended.callCount, 2);
  });

  it("keeps the request when the run's time is over", async () => {
    const { ports, put, clock, erasures } = setup();
    for (let i = 0; i < 60; i++) await put({ status: "completed" });
    await clock.advance(55_000);
    assert.equal(await carryOutErasures(ports, NOW, ENDS_AT), 20);
    assert.deepEqual([erasures.finish.callCount, erasures.putOff.args], [0, [[ERASURE, inMs(55_000)]]]);
  });

  it("erases the others when one job cannot be stopped", async () => {
    const { ports, put, erased } = setup();
    const [broken, sound] = [await put(), await put()];
    const { jobs } = ports;
    const apply: typeof jobs.apply = (jobId, event, now) =>
      jobId === broken.jobId ? Promise.reject(new Error("malformed")) : jobs.apply(jobId, event, now);
    await carryOutErasures(withEngine({ ...ports, jobs: { ...jobs, apply } }), NOW, ENDS_AT);
    assert.deepEqual([...erased], [sound.jobId]);
  });

  it("puts off an erasure that fails, for ten minutes, and carries out the others", async () => {
    const bob = { ...ERASURE, owner: "bob" };
    const finish = ({ owner }: Erasure) => (owner === "bob" ? Promise.reject(new Error("damaged")) : Promise.resolve());
    const { ports, erasures } = setup({ listDue: async () => [bob, ERASURE], finish });
    await carryOutErasures(ports, NOW, ENDS_AT);
    assert.deepEqual(
      erasures.finish.args.map(([{ owner }]) => owner),
      ["bob", "alice"],
    );
    assert.deepEqual(erasures.putOff.args, [[bob, inMs(600_000)]]);
  });
});
