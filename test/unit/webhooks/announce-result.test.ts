import assert from "node:assert/strict";
import type { LifecycleEventType } from "@baton/protocol";
import sinon from "sinon";
import { jobEvents } from "../../../engine/src/events/job-events.ts";
import { announceResult } from "../../../engine/src/webhooks/deliver/announce-result.ts";
import { aSender, ENDPOINT_SECRET } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { NOON } from "./rules/deliveries.ts";
import { anEndpoint } from "./rules/endpoints.ts";

/** A due result that is announced with one endpoint, events of these types, and a Pub/Sub that takes none when `isAway`. */
function setup({ types, isAway = false }: { types: LifecycleEventType[]; isAway?: boolean }) {
  const sender = aSender();
  const { ports, log, clock } = sender;
  ports.endpoints.put(anEndpoint({ owner: "alice" }), [ENDPOINT_SECRET]);
  const publish = sinon.fake(async (_topic: string) => {
    if (isAway) throw new Error("Pub/Sub is away");
  });
  const events = jobEvents({ publish, types: new Set(types), log });
  const announce = (given: Parameters<typeof aResult>[0] = { dueAt: NOON }, other: Partial<typeof ports> = {}) =>
    clock.runUntil(announceResult({ ...ports, ...other, events }, aResult(given)));
  /** How often `dueAt` was taken from the result by a write of its own, and with the deliveries. */
  const settled = () => [ports.results.settle.callCount, ports.deliveries.settled.length];
  return { ...sender, publish, announce, settled };
}

describe("announceResult", () => {
  it("settles the result once both its event and its deliveries are there", async () => {
    const { announce, publish, posted, settled } = setup({ types: ["job.completed"] });
    await announce();
    assert.deepEqual([publish.callCount, posted.length, settled()], [1, 1, [1, 0]]);
  });

  it("leaves the result due, for the sweep, when Pub/Sub takes no event; the deliveries are made all the same", async () => {
    const { announce, posted, settled } = setup({ types: ["job.completed"], isAway: true });
    await assert.rejects(announce(), /Pub\/Sub is away/);
    assert.deepEqual([posted.length, settled()], [1, [0, 0]]);
  });

  it("leaves the result due when no delivery could be stored; the event is published all the same", async () => {
    const { announce, publish, ports, settled } = setup({ types: ["job.completed"] });
    const createAll = sinon.fake.rejects(new Error("store unreachable"));
    await assert.rejects(announce(undefined, { deliveries: { ...ports.deliveries, createAll } }), /store unreachable/);
    assert.deepEqual([publish.callCount, settled()], [1, [0, 0]]);
  });

  it("needs no write of its own where the end of the job is no event", async () => {
    const { announce, publish, settled } = setup({ types: ["job.failed"] });
    await announce();
    assert.deepEqual([publish.callCount, settled()], [0, [0, 1]]);
  });

  it("publishes without a write for a result that is not due", async () => {
    const { announce, publish, settled } = setup({ types: ["job.completed"] });
    await announce({});
    assert.deepEqual([publish.callCount, settled()], [1, [0, 0]]);
  });
});
