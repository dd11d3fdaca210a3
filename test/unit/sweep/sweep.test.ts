import assert from "node:assert/strict";
import sinon from "sinon";
import { sweep as runSweep, type SweepPorts } from "../../../engine/src/functions/run-sweep.ts";
import { type EnginePorts, withEngine } from "../../../engine/src/jobs/engine.ts";
import { memoryDeliveryStore } from "../../../engine/src/testing/memory-delivery-store.ts";
import { staggeredResume } from "../../../engine/src/webhooks/deliver/staggered-resume.ts";
import { aSweep, inMs } from "./a-sweep.ts";

function setup() {
  const base = aSweep();
  const erasures = {
    listDue: sinon.fake.resolves([]),
    listUnended: sinon.fake.resolves([]),
    eraseJobs: sinon.fake.resolves(0),
    eraseRest: sinon.fake.resolves(0),
    finish: sinon.fake.resolves(undefined),
    putOff: sinon.fake.resolves(undefined),
  };
  const results = { takeDue: sinon.fake.resolves([]) };
  const deliveries = {
    ...memoryDeliveryStore(),
    takeDue: sinon.fake.resolves([]),
    listSleeping: sinon.fake.resolves([]),
  };
  const endpoints = { read: sinon.fake.resolves(undefined) };
  const ofDeliveries = {
    deliveries,
    recoveries: { takeDue: sinon.fake.resolves([]) },
    alerts: { takeDue: sinon.fake.resolves([]) },
    endpoints,
    staggeredResume: staggeredResume(base.clock),
  };
  const ports = { ...base.ports, erasures, results, ...ofDeliveries, lookAheadMs: 50_000 };
  return { ...base, ports };
}

const sweep = (ports: Omit<SweepPorts, "engine"> & EnginePorts) => runSweep(withEngine(ports));

describe("sweep", () => {
  it("says nothing when nothing was due", async () => {
    const { ports } = setup();
    await sweep(ports);
    assert.deepEqual([ports.log.info.callCount, ports.log.error.callCount], [0, 0]);
  });

  it("asks a project at rest eight questions, and no more", async () => {
    const { ports } = setup();
    const [listDue, listSleeping] = [sinon.spy(ports.jobs.listDue), sinon.spy(ports.jobs.listSleeping)];
    await sweep({ ...ports, jobs: { ...ports.jobs, listDue, listSleeping } });
    const { deliveries, recoveries, alerts, results, erasures } = ports;
    const ofWebhooks = [results, deliveries, recoveries, alerts].map(({ takeDue }) => takeDue);
    const questions = [listDue, listSleeping, erasures.listDue, deliveries.listSleeping, ...ofWebhooks];
    assert.deepEqual(
      questions.map(({ callCount }) => callCount),
      [1, 1, 1, 1, 1, 1, 1, 1],
    );
  });

  it("says in one line what it moved on", async () => {
    const { ports, put, clock } = setup();
    await put();
    await put({ status: "pending", waitingFor: "time", runAt: inMs(100), dueAt: inMs(100), updatedAt: inMs(-60_000) });
    const pages = [["a", "b"]];
    const results = { takeDue: async () => pages.shift() ?? [] };
    const duePages = [[{ deliveryId: "msg_1" }]];
    const webhooks = {
      deliveries: { ...ports.deliveries, takeDue: async () => duePages.shift() ?? [] },
      recoveries: { takeDue: async () => ["r1", "r2", "r3"] },
      alerts: { takeDue: async () => ["n1", "n2", "n3", "n4"] },
    };
    const deletions = [7, 2];
    const expired = { deletePage: async () => deletions.shift() ?? 0 };
    await clock.runUntil(sweep({ ...ports, ...webhooks, results, expired }));
    assert.deepEqual(
      ports.log.info.args.map(([, fields]) => fields),
      [
        {
          event: "sweep.moved",
          jobs: 1,
          sleepingJobs: 1,
          results: 2,
          deliveries: 1,
          recoveries: 3,
          alerts: 4,
          expired: 9,
        },
      ],
    );
  });

  it("ends every part before it rejects with what went wrong in one", async () => {
    const { ports, put, clock, published, wakes } = setup();
    await put();
    const sleeping = { runAt: inMs(75_000), dueAt: inMs(75_000), updatedAt: inMs(-60_000) };
    await put({ status: "pending", waitingFor: "time", ...sleeping });
    const results = { takeDue: sinon.fake.rejects(new Error("results UNAVAILABLE")) };
    await assert.rejects(clock.runUntil(sweep({ ...ports, results })), /results UNAVAILABLE/);
    assert.deepEqual([published().length, wakes().length], [1, 1]);
  });

  it("names all parts that failed", async () => {
    const { ports } = setup();
    const results = { takeDue: sinon.fake.rejects(new Error("one")) };
    const erasures = { ...ports.erasures, listDue: sinon.fake.rejects(new Error("two")) };
    await assert.rejects(sweep({ ...ports, results, erasures }), /2 parts of the sweep failed: one; two/);
  });

  it("deletes nothing that expired where Firestore does", async () => {
    const { ports, clock } = setup();
    const expired = { deletePage: sinon.fake.resolves(0) };
    await clock.runUntil(sweep({ ...ports, expired }));
    assert.equal(expired.deletePage.callCount, 1);
    await sweep(ports);
    assert.equal(expired.deletePage.callCount, 1);
  });
});
