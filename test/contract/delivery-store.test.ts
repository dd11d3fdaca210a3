import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import type { NewDelivery } from "../../functions/src/core/delivery.ts";
import type { DeliveryStore } from "../../functions/src/core/ports.ts";
import { firestoreDeliveryStore } from "../../functions/src/gcp/firestore/delivery-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomJobId, randomOwner } from "../support/jobs.ts";
import { memoryDeliveryStore } from "../support/memory-webhook-stores.ts";

const T0 = new Date("2026-01-01T00:00:00.000Z");
const T1 = new Date("2026-01-01T00:00:01.000Z");
const LEASE_END = new Date("2026-01-01T00:00:30.000Z");
const FAILED = { at: T0, durationMs: 12, status: 500 };

function aDelivery(): NewDelivery {
  return {
    deliveryId: `msg_${randomUUID()}`,
    owner: randomOwner(),
    jobId: randomJobId(),
    endpointId: "job",
    event: "job.completed",
    expireAt: new Date("2026-01-31T00:00:00.000Z"),
  };
}

/** What every delivery store promises; run against the fake and against the real emulator. */
function deliveryStoreContract(name: string, open: () => DeliveryStore) {
  describe(`${name} as a delivery store`, () => {
    let deliveries: DeliveryStore;
    before(() => {
      deliveries = open();
    });

    it("stores a delivery with its first attempt under way", async () => {
      const wanted = aDelivery();
      assert.equal((await deliveries.begin(wanted, T0)).outcome, "begun");
      assert.deepEqual(await deliveries.read(wanted.deliveryId), {
        ...wanted,
        state: "sending",
        attemptCount: 1,
        attempts: [],
        busyUntil: LEASE_END,
        createdAt: T0,
        updatedAt: T0,
      });
    });

    it("gives one of ten concurrent senders the right to send", async () => {
      const wanted = aDelivery();
      const answers = await Promise.all(Array.from({ length: 10 }, () => deliveries.begin(wanted, T0)));
      assert.equal(answers.filter(({ outcome }) => outcome === "begun").length, 1);
      assert.equal(answers.filter(({ outcome }) => outcome === "busy").length, 9);
      assert.equal((await deliveries.read(wanted.deliveryId))?.attemptCount, 1);
    });

    it("lets another sender take over from one that never came back", async () => {
      const wanted = aDelivery();
      await deliveries.begin(wanted, T0);
      assert.deepEqual(await deliveries.begin(wanted, T1), { outcome: "busy", until: LEASE_END });
      assert.equal((await deliveries.begin(wanted, LEASE_END)).outcome, "begun");
      assert.equal((await deliveries.read(wanted.deliveryId))?.attemptCount, 2);
    });

    it("keeps a failed attempt and begins another", async () => {
      const wanted = aDelivery();
      await deliveries.begin(wanted, T0);
      await deliveries.end(wanted.deliveryId, FAILED, "waiting", T1);
      const waiting = await deliveries.read(wanted.deliveryId);
      assert.equal(waiting?.state, "waiting");
      assert.deepEqual(waiting?.attempts, [FAILED]);
      assert.equal("busyUntil" in (waiting ?? {}), false);
      assert.equal((await deliveries.begin(wanted, T1)).outcome, "begun");
    });

    it("keeps why an attempt got no answer", async () => {
      const wanted = aDelivery();
      await deliveries.begin(wanted, T0);
      await deliveries.end(wanted.deliveryId, { at: T0, durationMs: 15_000, kind: "timeout" }, "waiting", T1);
      const attempts = (await deliveries.read(wanted.deliveryId))?.attempts;
      assert.deepEqual(attempts, [{ at: T0, durationMs: 15_000, kind: "timeout" }]);
    });

    it("answers done to every sender after the delivery ended", async () => {
      for (const state of ["succeeded", "failed"] as const) {
        const wanted = aDelivery();
        await deliveries.begin(wanted, T0);
        await deliveries.end(wanted.deliveryId, FAILED, state, T1);
        assert.deepEqual(await deliveries.begin(wanted, LEASE_END), { outcome: "done", state });
      }
    });

    it("notes nothing about a delivery that is not there", async () => {
      const { deliveryId } = aDelivery();
      await deliveries.end(deliveryId, FAILED, "waiting", T1);
      assert.equal(await deliveries.read(deliveryId), undefined);
    });
  });
}

deliveryStoreContract("memory", memoryDeliveryStore);

describe("on the emulator", () => {
  let db: Firestore;
  before(() => {
    db = openFirestore("demo-contracts");
  });
  after(() => db.terminate());
  deliveryStoreContract("Firestore", () => firestoreDeliveryStore(db));
});
