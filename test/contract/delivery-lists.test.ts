import assert from "node:assert/strict";
import { memoryDeliveryStore } from "../../engine/src/testing/memory-delivery-store.ts";
import { firestoreDeliveryStore } from "../../engine/src/webhooks/firestore/delivery-store.ts";
import type { DeliveryStore } from "../../engine/src/webhooks/ports.ts";
import type { Delivery, DeliveryState } from "../../engine/src/webhooks/rules/delivery.ts";
import { randomJobId, randomOwner } from "../support/jobs.ts";
import { aDelivery, aRecovery } from "../support/webhooks.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ deliveryId }) => deliveryId);

function contract(stores: () => readonly [DeliveryStore, DeliveryStore]) {
  const store = () => stores()[0];

  it("lists an owner's deliveries page by page, the newest first", async () => {
    const owner = randomOwner();
    // Two of the same instant: their ids decide.
    const wanted = [0, 1, 2, 2, 3].map((ms) => aDelivery({ owner, createdAt: after0(ms) }));
    await store().createAll([...wanted, aDelivery()], undefined);
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 3; page++) {
      const answer = await store().list({ owner, limit: 2, ...(cursor !== undefined && { cursor }) });
      assert.ok(answer !== "bad-cursor");
      assert.equal(answer.nextCursor === undefined, page === 2);
      cursor = answer.nextCursor;
      seen.push(...idsOf(answer.deliveries));
    }
    const [first, second, third, fourth, fifth] = idsOf(wanted);
    const tie = [third ?? "", fourth ?? ""].sort().reverse();
    assert.deepEqual(seen, [fifth, ...tie, second, first]);
  });

  it("lists by endpoint, by job, by state, and by all of them", async () => {
    const [owner, endpointId, jobId] = [randomOwner(), randomJobId(), randomJobId()];
    const all = [
      aDelivery({ owner, endpointId, jobId, state: "failed", createdAt: after0(3) }),
      aDelivery({ owner, endpointId, createdAt: after0(2) }),
      aDelivery({ owner, jobId, state: "failed", createdAt: after0(1) }),
      aDelivery({ endpointId, jobId, state: "failed" }),
    ];
    await store().createAll(all, undefined);
    const [a, b, c] = idsOf(all);
    const listed = async (filter: object) => {
      const answer = await store().list({ owner, limit: 10, ...filter });
      return answer === "bad-cursor" ? answer : idsOf(answer.deliveries);
    };
    assert.deepEqual(await listed({}), [a, b, c]);
    assert.deepEqual(await listed({ endpointId }), [a, b]);
    assert.deepEqual(await listed({ jobId }), [a, c]);
    assert.deepEqual(await listed({ state: "failed" }), [a, c]);
    assert.deepEqual(await listed({ endpointId, jobId, state: "failed" }), [a]);
    assert.deepEqual(await listed({ endpointId, state: "held" }), []);
  });

  it("refuses a cursor it did not give", async () => {
    for (const cursor of ["", "x", "MTpqb2I", Buffer.from("1:msg_x").toString("base64url")]) {
      assert.equal(await store().list({ owner: randomOwner(), limit: 1, cursor }), "bad-cursor", cursor);
    }
  });

  it("lists an endpoint's deliveries in the span of a recovery, after its cursor, the oldest first", async () => {
    const [owner, endpointId] = [randomOwner(), randomJobId()];
    const at = (ms: number, given: Partial<Delivery> = {}) =>
      aDelivery({ owner, endpointId, createdAt: after0(ms), ...given });
    const wanted = [at(10), at(11, { state: "failed" }), at(12), at(20)];
    await store().createAll([...wanted].reverse(), undefined);
    await store().createAll(
      [at(9), at(21), at(12, { endpointId: "job" }), at(12, { owner: randomOwner() })],
      undefined,
    );
    const recovery = aRecovery({ owner, endpointId, since: after0(10), until: after0(20) });
    assert.deepEqual(await store().listMissed(recovery, 10), wanted);
    const [, second, third] = wanted;
    assert.ok(second);
    const { createdAt, deliveryId } = second;
    assert.deepEqual(await store().listMissed({ ...recovery, cursor: { createdAt, deliveryId } }, 1), [third]);
  });

  it("loses no delivery of the same instant between two pages of a recovery", async () => {
    const [owner, endpointId] = [randomOwner(), randomJobId()];
    const wanted = [1, 2, 3].map(() => aDelivery({ owner, endpointId, createdAt: after0(5) }));
    await store().createAll(wanted, undefined);
    const recovery = aRecovery({ owner, endpointId, since: T0, until: after0(9) });
    const [first] = await store().listMissed(recovery, 1);
    assert.ok(first);
    const rest = await store().listMissed({ ...recovery, cursor: first }, 10);
    assert.deepEqual(idsOf([first, ...rest]), idsOf(wanted).sort());
  });

  it("lists the ids of an endpoint's deliveries that are in one of some states", async () => {
    const endpointId = randomJobId();
    const states = ["pending", "sending", "held", "succeeded", "failed", "cancelled"] as const;
    const all = states.map((state) => aDelivery({ endpointId, state }));
    await store().createAll([...all, aDelivery({ state: "pending" })], undefined);
    const idsIn = async (wanted: readonly DeliveryState[]) =>
      (await store().listIds(endpointId, wanted, 10)).sort().join();
    assert.equal(await idsIn(["pending", "sending", "held"]), idsOf(all.slice(0, 3)).sort().join());
    assert.equal(await idsIn(["pending"]), all[0]?.deliveryId);
    assert.equal((await store().listIds(endpointId, states, 2)).length, 2);
  });
}

onBoth<DeliveryStore>("a store that lists deliveries", memoryDeliveryStore, firestoreDeliveryStore, contract);
