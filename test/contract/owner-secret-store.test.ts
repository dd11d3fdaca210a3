import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { memoryOwnerSecretStore } from "../../engine/src/testing/memory-owner-secret-store.ts";
import { firestoreOwnerSecretStore } from "../../engine/src/webhooks/firestore/owner-secret-store.ts";
import type { OwnerSecretStore } from "../../engine/src/webhooks/rules/owner-secrets.ts";
import { openFirestore } from "../support/firestore.ts";
import { randomOwner } from "../support/jobs.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

const DAY_MS = 24 * 3_600_000;

onBoth("a store of owners' secrets", memoryOwnerSecretStore, firestoreOwnerSecretStore, (stores) => {
  const readAt = async (owner: string, ms: number) => {
    const [one] = stores();
    const { newest, overlapping } = await one.read(owner, after0(ms));
    return [newest, ...overlapping];
  };

  it("begins with generation 0, for each owner", async () => {
    assert.deepEqual(await readAt(randomOwner(), 0), [0]);
  });

  it("lets both generations sign during the overlap, the newest first", async () => {
    const [, other] = stores();
    const owner = randomOwner();
    assert.deepEqual(await other.rotate(owner, "a", after0(DAY_MS), T0), { outcome: "rotated", generation: 1 });
    assert.deepEqual(await readAt(owner, 0), [1, 0]);
    assert.deepEqual(await readAt(owner, DAY_MS - 1), [1, 0]);
    assert.deepEqual(await readAt(owner, DAY_MS), [1]);
    assert.deepEqual(await readAt(randomOwner(), 0), [0]);
  });

  it("never lengthens an overlap, and stops the old ones at once for an overlap of 0", async () => {
    const [one, other] = stores();
    const owner = randomOwner();
    await one.rotate(owner, "a", after0(100), T0);
    await other.rotate(owner, "b", after0(5000), after0(2));
    assert.deepEqual(await readAt(owner, 99), [2, 1, 0]);
    assert.deepEqual(await readAt(owner, 100), [2, 1]);
    await one.rotate(owner, "c", after0(3), after0(3));
    assert.deepEqual(await readAt(owner, 3), [3]);
  });

  it("lets ten sign, and no more; a refused rotation changes nothing", async () => {
    const [one] = stores();
    const owner = randomOwner();
    for (let n = 1; n <= 9; n++) {
      const answer = await one.rotate(owner, `${n}`, after0(DAY_MS), after0(n));
      assert.deepEqual(answer, { outcome: "rotated", generation: n });
    }
    assert.deepEqual(await one.rotate(owner, "10", after0(DAY_MS), after0(10)), { outcome: "too-many" });
    assert.deepEqual(await readAt(owner, 10), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    assert.deepEqual(await one.rotate(owner, "11", after0(10), after0(10)), { outcome: "rotated", generation: 10 });
    assert.deepEqual(await readAt(owner, 10), [10]);
  });

  it("gives each of four concurrent rotations a generation of its own", async () => {
    const [one, other] = stores();
    const owner = randomOwner();
    const answers = await Promise.all(
      [one, other, one, other].map((store, n) => store.rotate(owner, `meets ${n}`, after0(DAY_MS), T0)),
    );
    const generations = answers.map((answer) => (answer.outcome === "rotated" ? answer.generation : answer.outcome));
    assert.deepEqual(generations.sort(), [1, 2, 3, 4]);
    assert.deepEqual(await readAt(owner, 0), [4, 3, 2, 1, 0]);
  });

  it("gives a repeated request the generation it created, also when a later rotation ended it meanwhile", async () => {
    const [one, other] = stores();
    const owner = randomOwner();
    await one.rotate(owner, "mine", T0, T0);
    await other.rotate(owner, "another", T0, T0);
    const again = await one.rotate(owner, "mine", T0, after0(12_000));
    assert.deepEqual(again, { outcome: "rotated", generation: 1 });
    assert.deepEqual(await readAt(owner, 0), [2]);
  });
});

describe("the generations of an owner's secret on Firestore", () => {
  let db: Firestore;
  let store: OwnerSecretStore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
    store = firestoreOwnerSecretStore(db);
  });
  after(() => db.terminate());

  it("name no owner, and have no expiry", async () => {
    const owner = "ada/ü %2F@example.com";
    await store.rotate(owner, "a", after0(5), T0);
    const id = "cb9f3e98b93f0e2e64177da32840b54c75a2064c2697930820c4cf2b90bf6c60";
    const found = (await db.collection("batonOwnerSecrets").get()).docs.filter((document) => document.id === id);
    assert.equal(found.length, 1);
    assert.deepEqual(Object.keys(found[0]?.data() ?? {}), ["generations"]);
  });
});
