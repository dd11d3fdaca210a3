import assert from "node:assert/strict";
import type sinon from "sinon";
import { type EnginePorts, withEngine } from "../../../engine/src/jobs/engine.ts";
import { wakeJob } from "../../../engine/src/jobs/wake-job.ts";
import { sideBySide } from "../../../engine/src/kit/side-by-side.ts";
import { aSweep, inMs, NOW } from "../sweep/a-sweep.ts";

const waiting = (ms: number) => ({ attempt: 1, runAt: inMs(ms), dueAt: inMs(ms) });
const asleep = (ms: number) => ({ ...waiting(ms), status: "pending" as const, waitingFor: "time" as const });

function setup() {
  const base = aSweep();
  const ports = { ...base.ports, bounded: sideBySide(50) };
  const wake = (jobId: string, ms: number, given: EnginePorts & Pick<typeof ports, "bounded"> = ports) =>
    wakeJob(withEngine(given), { messageId: "1", attributes: { jobId, at: inMs(ms).toISOString() } });
  return { ...base, ports, wake };
}

describe("wakeJob", () => {
  for (const [kind, job] of [
    ["in its slot", waiting],
    ["without a slot", asleep],
  ] as const) {
    it(`publishes a job that waits ${kind} at its time, not before`, async () => {
      const { clock, put, published, wake } = setup();
      const { jobId } = await put(job(20_000));
      const woken = wake(jobId, 20_000);
      await clock.advance(19_999);
      assert.deepEqual(published(), []);
      await clock.advance(1);
      await woken;
      assert.deepEqual(published(), [jobId]);
    });
  }

  it("publishes a job at once whose time has passed", async () => {
    const { put, published, wake } = setup();
    const { jobId } = await put(waiting(-5));
    await wake(jobId, -5);
    assert.deepEqual(published(), [jobId]);
  });

  it("publishes a job once, however often its message comes", async () => {
    const { clock, put, published, wake } = setup();
    const { jobId } = await put(waiting(20_000));
    await clock.runUntil(Promise.all([wake(jobId, 20_000), wake(jobId, 20_000)]));
    await wake(jobId, 20_000);
    assert.deepEqual(published(), [jobId]);
  });

  it("waits on when a timer comes early", async () => {
    const { ports, clock, put, published, wake } = setup();
    const { jobId } = await put(waiting(20_000));
    const after: typeof clock.after = (ms, then) => clock.after(ms - (ms > 1 ? 1 : 0), then);
    await clock.runUntil(wake(jobId, 20_000, { ...ports, clock: { ...clock, after } }));
    assert.deepEqual([published(), clock.now()], [[jobId], inMs(20_000)]);
  });

  it("leaves a job as it is that moved on meanwhile, waits for another time, is run, or has ended", async () => {
    const { clock, put, published, wake } = setup();
    const jobs = [
      await put({ dueAt: inMs(80_000) }),
      await put(waiting(30_000)),
      await put(asleep(90_000)),
      await put({ status: "processing", attempt: 1, lease: { id: "a", until: inMs(70_000) }, dueAt: inMs(70_000) }),
      await put({ status: "completed" }),
    ];
    await clock.runUntil(Promise.all(jobs.map(({ jobId }) => wake(jobId, 20_000))));
    assert.deepEqual(published(), []);
  });

  it("calls another worker when the lease of the one that had the job has ended", async () => {
    const { clock, put, published, wake } = setup();
    const { jobId } = await put({
      status: "processing",
      attempt: 1,
      lease: { id: "a", until: inMs(60_000) },
      dueAt: inMs(60_000),
    });
    await clock.runUntil(wake(jobId, 60_000));
    assert.deepEqual(published(), [jobId]);
  });

  it("ends a cancelled job when its grace is over and no worker has come to clean up", async () => {
    const { ports, clock, put, published, wake } = setup();
    const cancelled = { cancelRequested: true, cancelBy: inMs(30_000), dueAt: inMs(30_000), hasCleanUp: true } as const;
    const { jobId } = await put({ attempt: 1, ...cancelled });
    const woken = wake(jobId, 30_000);
    await clock.advance(29_999);
    assert.equal((await ports.jobs.read(jobId))?.status, "queued");
    await clock.advance(1);
    await woken;
    const result = await ports.jobs.readResult(jobId);
    assert.deepEqual([result?.status, result?.error?.code, published()], ["cancelled", "cleanup-not-run", []]);
  });

  it("leaves a job that cannot be moved to the sweep", async () => {
    const { ports, put, wake } = setup();
    const { jobId } = await put(waiting(-5));
    const jobs = { ...ports.jobs, apply: () => Promise.reject(new Error("UNAVAILABLE")) };
    await wake(jobId, -5, { ...ports, jobs });
    assert.equal((ports.log.warn as sinon.SinonSpy).callCount, 1);
  });

  it("moves at most 50 jobs side by side", async () => {
    const { ports, put, published, wake } = setup();
    let [moving, most] = [0, 0];
    const { jobs } = ports;
    const apply: typeof jobs.apply = async (jobId, event, now) => {
      most = Math.max(most, ++moving);
      await new Promise(setImmediate);
      moving--;
      return jobs.apply(jobId, event, now);
    };
    const due: string[] = [];
    for (let i = 0; i < 300; i++) due.push((await put(waiting(-5))).jobId);
    await Promise.all(due.map((jobId) => wake(jobId, -5, { ...ports, jobs: { ...jobs, apply } })));
    assert.deepEqual([published().sort(), most], [due.sort(), 50]);
  });

  it("keeps no invocation open for a time that is far away", async () => {
    const { clock, put, published, wake } = setup();
    const { jobId } = await put(asleep(100_001));
    await wake(jobId, 100_001);
    assert.deepEqual([published(), clock.now()], [[], NOW]);
  });

  for (const attributes of [
    undefined,
    {},
    { jobId: "x", at: "2026-01-01T00:00:00.000Z" },
    { jobId: "A".repeat(20), at: "soon" },
  ]) {
    it(`drops a message with attributes ${JSON.stringify(attributes)}, and says so`, async () => {
      const { ports } = setup();
      await wakeJob(withEngine(ports), { messageId: "1", attributes });
      assert.equal((ports.log.error as sinon.SinonSpy).callCount, 1);
    });
  }
});
