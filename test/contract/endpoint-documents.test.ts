import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import { firestoreJobStore } from "../../engine/src/jobs/firestore/job-store.ts";
import { firestoreEndpointStore } from "../../engine/src/webhooks/firestore/endpoint-store.ts";
import type { EndpointStore } from "../../engine/src/webhooks/ports.ts";
import type { Endpoint } from "../../engine/src/webhooks/rules/endpoint.ts";
import { secretBox } from "../../engine/src/webhooks/signing/secret-box.ts";
import { openFirestore } from "../support/firestore.ts";
import { aSubmission, randomJobId, randomOwner } from "../support/jobs.ts";
import { anEndpoint, aSecret } from "../support/webhooks.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, T0 } from "./both-webhook-stores.ts";
import { box, created, DAY_MS, log } from "./endpoint-stores.ts";

describe("an endpoint in Firestore", () => {
  let db: Firestore;
  let store: EndpointStore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
    store = firestoreEndpointStore(db, box, log);
  });
  after(() => db.terminate());
  const fieldsAt = async (path: string) => (await db.doc(path).get()).data() ?? {};

  it("has no secret and no header value in clear text in any document", async () => {
    const secret = aSecret();
    const { endpointId } = await created(store, { headerNames: ["x-key"] }, secret, { "x-key": "hunter2" });
    await store.rotate(endpointId, aSecret({ secret: "whsec_bmV3" }), after0(DAY_MS), T0);
    await store.change(endpointId, { headers: { "x-key": "hunter3" } }, T0);
    const secrets = await db.collection(`batonEndpoints/${endpointId}/batonSecrets`).get();
    assert.equal(secrets.size, 3);
    const stored = JSON.stringify([
      await fieldsAt(`batonEndpoints/${endpointId}`),
      ...secrets.docs.map((d) => d.data()),
    ]);
    for (const text of [secret.secret, secret.secret.slice(6, 20), "whsec_", "hunter", "bmV3"]) {
      assert.equal(stored.includes(text), false, text);
    }
  });

  it("does not open a secret that was moved to another document", async () => {
    const [mine, theirs] = [aSecret({ secretId: "one" }), aSecret({ secretId: "one" })];
    const [{ endpointId }, victim] = [await created(store, {}, mine), await created(store, {}, theirs)];
    await db
      .doc(`batonEndpoints/${endpointId}/batonSecrets/one`)
      .set(await fieldsAt(`batonEndpoints/${victim.endpointId}/batonSecrets/one`));
    await assert.rejects(store.readKeys(endpointId, T0), { code: "damaged" });
  });

  it("opens what an older key sealed, and seals with the newest", async () => {
    const keys = `new:${Buffer.alloc(32, 8).toString("base64")},test:${Buffer.alloc(32, 7).toString("base64")}`;
    const [old, young] = [aSecret(), aSecret()];
    const { endpointId } = await created(store, {}, old);
    const later = firestoreEndpointStore(db, secretBox(keys), log);
    await later.rotate(endpointId, young, after0(DAY_MS), T0);
    assert.deepEqual((await later.readKeys(endpointId, T0)).secrets, [young.secret, old.secret]);
    await assert.rejects(store.readKeys(endpointId, T0), { code: "unknown-key" });
  });

  it("keeps no secret that has ended past the next rotation", async () => {
    const { endpointId } = await created(store);
    await store.rotate(endpointId, aSecret(), after0(1), after0(1));
    await store.rotate(endpointId, aSecret(), after0(9), after0(2));
    assert.equal((await db.collection(`batonEndpoints/${endpointId}/batonSecrets`).get()).size, 2);
  });

  it("is counted in its owner's usage, which keeps what else it holds", async () => {
    const { owner, endpointId } = await created(store, { createdAt: after0(60_000) });
    assert.equal((await fieldsAt(`batonUsage/${owner}`)).endpoints, 1);
    await db.doc(`batonUsage/${owner}`).update({ slotQueue: { last: 4, base: 2 } });
    await created(store, { owner });
    assert.equal((await fieldsAt(`batonUsage/${owner}`)).endpoints, 2);
    await store.delete(endpointId);
    const { endpoints, slotQueue } = await fieldsAt(`batonUsage/${owner}`);
    assert.deepEqual([endpoints, slotQueue], [1, { last: 4, base: 2 }]);
  });

  it("is known to later jobs of its owner", async () => {
    const [owner, jobs] = [randomOwner(), firestoreJobStore(db)];
    const submit = async () => {
      const answer = await jobs.submit(aSubmission({ owner }), null, T0);
      return answer.outcome === "accepted" && (await jobs.read(answer.job.jobId))?.hasEndpoints;
    };
    assert.equal(await submit(), undefined);
    const { endpointId } = await created(store, { owner });
    assert.deepEqual([await submit(), await submit()], [true, true]);
    const { endpoints, minute } = await fieldsAt(`batonUsage/${owner}`);
    assert.deepEqual([endpoints, minute.jobs], [1, 3]);
    await store.delete(endpointId);
    assert.equal(await submit(), undefined);
  });

  it("is counted though its owner's usage has expired", async () => {
    const { owner } = await created(store);
    await db.doc(`batonUsage/${owner}`).delete();
    assert.equal(await store.create(anEndpoint({ owner }), aSecret(), {}, 1), "too-many");
    await created(store, { owner });
    assert.equal((await fieldsAt(`batonUsage/${owner}`)).endpoints, 2);
  });

  it("loses its reserved slots when it is deleted, or its rate limit changes", async () => {
    const { endpointId } = await created(store, { rateLimit: 1 });
    const slots = db.doc(`batonRateLimits/${endpointId}`);
    await slots.set({ freeAtMs: 1 });
    await store.change(endpointId, { description: "kept" }, T0);
    assert.equal((await slots.get()).exists, true);
    await store.change(endpointId, { rateLimit: 2 }, T0);
    assert.equal((await slots.get()).exists, false);
    await slots.set({ freeAtMs: 1 });
    await store.delete(endpointId);
    assert.equal((await slots.get()).exists, false);
  });

  it("keeps fields of a newer version when it is changed", async () => {
    const { endpointId } = await created(store);
    await db.doc(`batonEndpoints/${endpointId}`).update({ newer: 1 });
    await store.change(endpointId, { description: "x" }, T0);
    await store.disable(endpointId, "owner", T0);
    assert.equal((await fieldsAt(`batonEndpoints/${endpointId}`)).newer, 1);
  });

  it("is left out of the list and logged by its id when it is damaged, and can still be deleted", async () => {
    const good = await created(store);
    const damaged = db.collection("batonEndpoints").doc(randomJobId());
    await damaged.set({ owner: good.owner, url: 5, note: "s3cret" });
    log.error.resetHistory();
    assert.deepEqual(await store.listOf(good.owner), [good]);
    assert.deepEqual(
      log.error.args.map(([, fields]) => fields),
      [{ event: "endpoint.unreadable", endpointId: damaged.id }],
    );
    await store.delete(damaged.id);
    assert.equal((await damaged.get()).exists, false);
  });

  it("writes concurrent changes of its health in one process together", async () => {
    const { endpointId } = await created(store);
    const commit = sinon.spy(db.batch().constructor.prototype, "commit");
    const rule = ({ health }: Endpoint) => ({ health: { ...health, failures: health.failures + 1 } });
    await Promise.all(Array.from({ length: 100 }, () => store.changeHealth(endpointId, rule, T0)));
    commit.restore();
    assert.equal((await store.read(endpointId))?.health.failures, 100);
    assert.equal(commit.callCount, 2);
  });
});
