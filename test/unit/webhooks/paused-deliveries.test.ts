import assert from "node:assert/strict";
import sinon from "sinon";
import { memoryDeliveryStore } from "../../../engine/src/testing/memory-delivery-store.ts";
import { staggeredResume } from "../../../engine/src/webhooks/deliver/staggered-resume.ts";
import type { Endpoint } from "../../../engine/src/webhooks/rules/endpoint.ts";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { postponePaused } from "../../../engine/src/webhooks/sweep/paused-deliveries.ts";
import { anEndpoint, randomDeliveryId } from "../../support/webhooks.ts";
import { aSweep, inMs, NOW } from "../sweep/a-sweep.ts";
import { WANTED } from "./rules/deliveries.ts";

/** A sweep among these endpoints, by their ids. */
function setup(endpoints: Record<string, Partial<Endpoint>>) {
  const { clock, ports } = aSweep();
  const deliveries = memoryDeliveryStore();
  const read = sinon.fake(async (endpointId: string) => {
    const given = endpoints[endpointId];
    return given && anEndpoint({ endpointId, ...given });
  });
  /** Stores a delivery that is due, and answers what the sweep knows of it. */
  const put = (endpointId: string, state: "pending" | "sending" = "pending") => {
    const deliveryId = randomDeliveryId();
    const start = state === "pending" ? { state, nextAttemptAt: NOW } : { state };
    deliveries.put(newDelivery({ ...WANTED, deliveryId, endpointId }, start, inMs(-60_000)));
    return { deliveryId, endpointId, state };
  };
  /** Times of the next attempts, in ms from now. */
  const waits = async (all: { deliveryId: string }[]) =>
    Promise.all(
      all.map(async ({ deliveryId }) => {
        const { nextAttemptAt, dueAt } = (await deliveries.read(deliveryId)) ?? {};
        assert.deepEqual(dueAt, nextAttemptAt);
        return (nextAttemptAt?.getTime() ?? Number.NaN) - NOW.getTime();
      }),
    );
  return {
    put,
    waits,
    read,
    ports: { ...ports, endpoints: { read }, deliveries, staggeredResume: staggeredResume(clock) },
  };
}

const pausedFor = (ms: number): Partial<Endpoint> => ({
  health: { failures: 5, alertedPercent: 0, pausedUntil: inMs(ms), pausedBy: "breaker" },
});

describe("postponePaused", () => {
  it("postpones the due deliveries of a paused endpoint, ten every 10 s from the end of the pause, and reads it once", async () => {
    const { ports, put, waits, read } = setup({ away: pausedFor(31_000) });
    const due = Array.from({ length: 12 }, () => put("away"));
    assert.deepEqual(await postponePaused(ports, due), []);
    assert.deepEqual((await waits(due)).sort(), [...Array(10).fill(31_000), 40_000, 40_000]);
    assert.equal(read.callCount, 1);
  });

  it("leaves one delivery to probe an endpoint after its pause, and postpones the others behind the probe", async () => {
    const { ports, put, waits } = setup({ back: pausedFor(0) });
    const [first, ...others] = [put("back"), put("back"), put("back")];
    assert.deepEqual(await postponePaused(ports, [first, ...others]), [first]);
    assert.deepEqual(await waits([first, ...others]), [0, 30_000, 30_000]);
  });

  it("leaves to `deliver` the deliveries to send, to hold or to cancel", async () => {
    const disabled = { ...pausedFor(9000), disabled: { reason: "failing" as const, at: NOW } };
    const { ports, put, waits, read } = setup({ healthy: {}, disabled });
    const due = [put("healthy"), put("healthy"), put("disabled"), put("deleted"), put("job")];
    assert.deepEqual(new Set(await postponePaused(ports, due)), new Set(due));
    assert.deepEqual(await waits(due), [0, 0, 0, 0, 0]);
    // A job's own URL has no endpoint to ask about.
    assert.deepEqual(read.args.flat(), ["healthy", "disabled", "deleted"]);
  });

  it("leaves to `deliver` an attempt whose sender died, and a damaged document", async () => {
    const { ports, put } = setup({ away: pausedFor(9000) });
    const due = [put("away", "sending"), { deliveryId: randomDeliveryId() }];
    assert.deepEqual(await postponePaused(ports, due), due);
  });

  it("sends when it cannot read the endpoint, and leaves to a later look what it could not postpone", async () => {
    const { ports, put } = setup({ away: pausedFor(9000) });
    const [one, other] = [put("silent"), put("away")];
    const read = async (id: string) => (id === "silent" ? Promise.reject(new Error("away")) : ports.endpoints.read(id));
    const apply = sinon.fake.rejects(new Error("UNAVAILABLE"));
    const failing = { ...ports, endpoints: { read }, deliveries: { apply } };
    assert.deepEqual(await postponePaused(failing, [one, other]), [one]);
    assert.equal(ports.log.error.args[0]?.[1].deliveryId, other.deliveryId);
  });
});
