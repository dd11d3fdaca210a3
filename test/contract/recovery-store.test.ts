import assert from "node:assert/strict";
import { before } from "mocha";
import { memoryRecoveryStore } from "../../engine/src/testing/memory-recovery-store.ts";
import { firestoreRecoveryStore } from "../../engine/src/webhooks/firestore/recovery-store.ts";
import type { RecoveryStore } from "../../engine/src/webhooks/ports.ts";
import type { Recovery } from "../../engine/src/webhooks/rules/recovery.ts";
import { randomJobId } from "../support/jobs.ts";
import { aRecovery } from "../support/webhooks.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

type Store = RecoveryStore & {
  /** Makes an endpoint that recoveries may be of. */
  addEndpoint(endpointId: string): Promise<void>;
};

function contract(stores: () => readonly [Store, Store]) {
  let one: Store;
  let other: Store;
  before(() => {
    [one, other] = stores();
  });

  /** Begins a recovery of an endpoint of its own. */
  async function begun(recovery: Recovery): Promise<void> {
    await one.addEndpoint(recovery.endpointId);
    assert.deepEqual(await one.begin(recovery), { outcome: "begun" });
  }

  it("gives back what was begun", async () => {
    const recovery = aRecovery({ cursor: { createdAt: after0(1), deliveryId: "msg_x" } });
    await begun(recovery);
    assert.deepEqual(await other.read(recovery.recoveryId), recovery);
    assert.equal(await one.read(randomJobId()), undefined);
  });

  it("begins one of many concurrent recoveries, in either process, and answers it to the others", async () => {
    const endpointId = randomJobId();
    await one.addEndpoint(endpointId);
    const wanted = Array.from({ length: 8 }, () => aRecovery({ endpointId }));
    const answers = await Promise.all(wanted.map((recovery, i) => (i % 2 ? one : other).begin(recovery)));
    const begun = wanted.filter((_, i) => answers[i]?.outcome === "begun");
    assert.equal(begun.length, 1);
    const named = answers.flatMap((answer) => (answer?.outcome === "running" ? [answer.recovery.recoveryId] : []));
    assert.deepEqual(named, Array(7).fill(begun[0]?.recoveryId));
    assert.equal((await one.listOf(endpointId)).length, 1);
  });

  it("begins another once the first is completed", async () => {
    const endpointId = randomJobId();
    await one.addEndpoint(endpointId);
    const before = aRecovery({ endpointId });
    assert.deepEqual(await one.begin(before), { outcome: "begun" });
    const { dueAt: _, ...rest } = before;
    await one.advance(before, { ...rest, state: "complete" });
    assert.deepEqual(await other.begin(aRecovery({ endpointId })), { outcome: "begun" });
  });

  it("accepts one of two writers from the same state", async () => {
    const before = aRecovery();
    await begun(before);
    const after = { ...before, seen: 5, cursor: { createdAt: after0(1), deliveryId: "msg_x" } };
    const answers = await Promise.all([one.advance(before, after), other.advance(before, after)]);
    assert.deepEqual(answers.sort(), [false, true]);
    assert.equal(await one.advance(before, { ...before, seen: 9 }), false);
    assert.deepEqual(await other.read(before.recoveryId), after);
  });

  it("completes a recovery, which then has no dueAt", async () => {
    const before = aRecovery();
    await begun(before);
    const { dueAt: _, ...rest } = before;
    assert.equal(await other.advance(before, { ...rest, state: "complete" }), true);
    assert.deepEqual(await one.read(before.recoveryId), { ...rest, state: "complete" });
  });

  it("accepts a writer though the sweep has changed `dueAt` meanwhile", async () => {
    const before = aRecovery();
    await begun(before);
    assert.ok((await one.takeDue(T0, after0(60_000), 300)).includes(before.recoveryId));
    assert.notDeepEqual(await one.read(before.recoveryId), before);
    const after = { ...before, seen: 5, dueAt: after0(90_000) };
    assert.equal(await other.advance(before, after), true);
    assert.deepEqual(await one.read(before.recoveryId), after);
  });

  it("writes nothing of a recovery that is gone", async () => {
    const gone = aRecovery();
    assert.equal(await one.advance(gone, { ...gone, seen: 1 }), false);
    assert.equal(await one.read(gone.recoveryId), undefined);
  });

  it("lists an endpoint's recoveries, the newest first, at most twenty", async () => {
    const endpointId = randomJobId();
    await one.addEndpoint(endpointId);
    for (let n = 0; n < 21; n++) {
      const recovery = aRecovery({ endpointId, createdAt: after0(n), seen: n });
      assert.deepEqual(await one.begin(recovery), { outcome: "begun" });
      assert.equal(await one.advance(recovery, { ...recovery, state: "complete" }), true);
    }
    await begun(aRecovery());
    const seen = (await other.listOf(endpointId)).map((recovery) => recovery.seen);
    assert.deepEqual([seen.length, seen[0], seen[19]], [20, 20, 1]);
  });
}

onBoth<Store>(
  "a recovery store",
  () => ({ ...memoryRecoveryStore(), addEndpoint: async () => {} }),
  (db) => ({
    ...firestoreRecoveryStore(db),
    async addEndpoint(endpointId) {
      await db.collection("batonEndpoints").doc(endpointId).create({ endpointId });
    },
  }),
  contract,
  // The sweep looks at everything there is.
  "demo-recoveries",
);
