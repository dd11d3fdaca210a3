import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import sinon from "sinon";
import type { Endpoint, EndpointSecret } from "../../functions/src/core/webhooks/endpoint.ts";
import type { EndpointStore, NoticeStore } from "../../functions/src/core/webhooks/ports.ts";
import { firestoreEndpointStore } from "../../functions/src/gcp/firestore/endpoint-store.ts";
import { firestoreJobStore } from "../../functions/src/gcp/firestore/job-store.ts";
import { firestoreNoticeStore } from "../../functions/src/gcp/firestore/notice-store.ts";
import { secretBox } from "../../functions/src/gcp/secret-box.ts";
import { newWebhookKey } from "../../functions/src/gcp/webhook-keys.ts";
import { openFirestore } from "../support/firestore.ts";
import { aSubmission, randomJobId, randomOwner } from "../support/jobs.ts";
import { memoryEndpointStore, memoryNoticeStore } from "../support/memory-webhook-stores.ts";
import { aNotice, anEndpoint, aSecret } from "../support/webhooks.ts";
import { CONTRACT_PROJECT } from "./both-job-stores.ts";
import { after0, onBoth, T0 } from "./both-webhook-stores.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const box = secretBox(`test:${Buffer.alloc(32, 7).toString("base64")}`);
const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
const HEALTHY = { failures: 0, toldPercent: 0 };

type Store = EndpointStore & { readNotice: NoticeStore["read"] };

async function created(store: EndpointStore, given: Partial<Endpoint> = {}, secret = aSecret(), headers = {}) {
  const endpoint = anEndpoint(given);
  assert.equal(await store.create(endpoint, secret, headers, 20), "created");
  return endpoint;
}

function contract(stores: () => readonly [Store, Store]) {
  let one: Store;
  let other: Store;
  before(() => {
    [one, other] = stores();
  });

  it("gives back what was created, with its secret and custom headers", async () => {
    const secret = aSecret();
    const full: Partial<Endpoint> = {
      description: "orders",
      events: ["job.failed"],
      types: ["a.b"],
      headerNames: ["x-key"],
      rateLimit: 2.5,
      disabled: { reason: "gone", at: T0 },
      health: { failures: 3, failingSince: T0, toldPercent: 50, pausedUntil: after0(9), pausedBy: "breaker" },
    };
    const endpoint = await created(one, full, secret, { "x-key": "välue", __proto: "2" });
    assert.deepEqual(await other.read(endpoint.endpointId), endpoint);
    const keys = { secrets: [secret.secret], headers: { "x-key": "välue", __proto: "2" } };
    assert.deepEqual(await other.readKeys(endpoint.endpointId, T0), keys);
  });

  it("has no endpoint that was not created, and no keys of it", async () => {
    assert.equal(await one.read(randomJobId()), undefined);
    assert.deepEqual(await one.readKeys(randomJobId(), T0), { secrets: [], headers: {} });
  });

  it("lists the owner's endpoints, disabled ones too, the oldest first, and nobody else's", async () => {
    const owner = randomOwner();
    const second = await created(one, { owner, createdAt: after0(2), disabled: { reason: "owner", at: T0 } });
    const first = await created(one, { owner, createdAt: after0(1) });
    await created(one);
    assert.deepEqual(await other.listOf(owner), [first, second]);
    assert.deepEqual(await one.listOf(randomOwner()), []);
  });

  it("takes no more than the limit, however many are created at once, the first ones or later ones", async () => {
    const owner = randomOwner();
    const createSix = (limit: number) =>
      Promise.all(
        [one, other, one, other, one, other].map((store) => store.create(anEndpoint({ owner }), aSecret(), {}, limit)),
      );
    for (const limit of [2, 5]) {
      await createSix(limit);
      assert.equal((await one.listOf(owner)).length, limit);
    }
    assert.deepEqual(new Set(await createSix(5)), new Set(["too-many"]));
  });

  it("has room again after a delete", async () => {
    const { endpointId, owner } = await created(one);
    assert.equal(await one.create(anEndpoint({ owner }), aSecret(), {}, 1), "too-many");
    for (let i = 0; i < 2; i++) await other.delete(endpointId);
    assert.equal(await one.create(anEndpoint({ owner }), aSecret(), {}, 1), "created");
  });

  it("deletes an endpoint with its keys, also one that is gone", async () => {
    const { endpointId } = await created(one, {}, aSecret(), { "x-key": "1" });
    for (let i = 0; i < 2; i++) await other.delete(endpointId);
    assert.equal(await one.read(endpointId), undefined);
    assert.deepEqual(await one.readKeys(endpointId, T0), { secrets: [], headers: {} });
    assert.equal(await one.change(endpointId, { description: "" }, T0), undefined);
    assert.equal(await one.enable(endpointId, T0), undefined);
    assert.equal(await one.disable(endpointId, "gone", T0), undefined);
    assert.equal(await one.rotate(endpointId, aSecret(), T0, T0), undefined);
    assert.equal(await one.changeHealth(endpointId, () => ({ health: HEALTHY }), T0), undefined);
  });

  it("changes what it is told to, and leaves the rest", async () => {
    const endpoint = await created(one, { rateLimit: 3, types: ["a"] }, aSecret(), { "x-old": "1" });
    const change = { url: "https://other.example.com/", events: ["job.failed" as const], headerNames: ["x-new"] };
    const after = await one.change(endpoint.endpointId, { ...change, headers: { "x-new": "2" } }, after0(5));
    assert.deepEqual(after, { ...endpoint, ...change, updatedAt: after0(5) });
    assert.deepEqual(await other.read(endpoint.endpointId), after);
    assert.deepEqual((await other.readKeys(endpoint.endpointId, T0)).headers, { "x-new": "2" });
  });

  it("takes the rate limit away, and the custom headers", async () => {
    const { rateLimit: _, ...endpoint } = await created(one, { rateLimit: 3 }, aSecret(), { "x-old": "1" });
    const after = await other.change(endpoint.endpointId, { rateLimit: null, headers: {} }, after0(5));
    assert.deepEqual(after, { ...endpoint, updatedAt: after0(5) });
    assert.deepEqual((await one.readKeys(endpoint.endpointId, T0)).headers, {});
  });

  it("keeps the first reason for which an endpoint is disabled", async () => {
    const endpoint = await created(one);
    const disabled = { ...endpoint, disabled: { reason: "gone", at: after0(1) }, updatedAt: after0(1) };
    assert.deepEqual(await one.disable(endpoint.endpointId, "gone", after0(1)), disabled);
    assert.deepEqual(await other.disable(endpoint.endpointId, "owner", after0(2)), disabled);
    assert.deepEqual(await one.read(endpoint.endpointId), disabled);
  });

  it("forgets how an endpoint was doing once it is enabled", async () => {
    const health = { failures: 9, failingSince: T0, toldPercent: 100, pausedUntil: after0(9), pausedBy: "breaker" };
    const given = { health: { ...health, pausedBy: "breaker" as const } };
    const { disabled: _, ...endpoint } = await created(one, { ...given, disabled: { reason: "failing", at: T0 } });
    const enabled = { ...endpoint, health: HEALTHY, updatedAt: after0(3) };
    assert.deepEqual(await one.enable(endpoint.endpointId, after0(3)), enabled);
    assert.deepEqual(await other.enable(endpoint.endpointId, after0(4)), enabled);
    assert.deepEqual(await one.read(endpoint.endpointId), enabled);
  });

  rotation(() => [one, other]);
  health(() => [one, other]);
}

function rotation(stores: () => readonly [EndpointStore, EndpointStore]) {
  const v1a = (given: Partial<EndpointSecret>): EndpointSecret & { publicKey: string } => {
    const { secret, publicKey = "" } = newWebhookKey("v1a");
    return { ...aSecret({ ...given, secret }), publicKey };
  };

  it("lets both secrets sign during the overlap, the newest first", async () => {
    const [one, other] = stores();
    const [old, young] = [aSecret(), aSecret({ createdAt: after0(1) })];
    const { endpointId } = await created(one, {}, old, { "x-key": "1" });
    const rotated = await other.rotate(endpointId, young, after0(DAY_MS), after0(1));
    assert.equal(rotated?.outcome, "rotated");
    const secretsAt = async (ms: number) => (await one.readKeys(endpointId, after0(ms))).secrets;
    assert.deepEqual(await secretsAt(1), [young.secret, old.secret]);
    assert.deepEqual(await secretsAt(DAY_MS - 1), [young.secret, old.secret]);
    assert.deepEqual(await secretsAt(DAY_MS), [young.secret]);
    assert.deepEqual((await one.readKeys(endpointId, T0)).headers, { "x-key": "1" });
  });

  it("never lengthens an overlap, and stops the old ones at once when told so", async () => {
    const [one, other] = stores();
    const secrets = [0, 1, 2, 3].map((n) => aSecret({ createdAt: after0(n) }));
    const [first, second, third, fourth] = secrets;
    assert.ok(first && second && third && fourth);
    const { endpointId } = await created(one, {}, first);
    await one.rotate(endpointId, second, after0(100), after0(1));
    await other.rotate(endpointId, third, after0(5000), after0(2));
    const secretsAt = async (ms: number) => (await one.readKeys(endpointId, after0(ms))).secrets;
    assert.deepEqual(await secretsAt(99), [third.secret, second.secret, first.secret]);
    assert.deepEqual(await secretsAt(100), [third.secret, second.secret]);
    await one.rotate(endpointId, fourth, after0(3), after0(3));
    assert.deepEqual(await secretsAt(3), [fourth.secret]);
  });

  it("lets ten secrets sign, and no more", async () => {
    const [one] = stores();
    const { endpointId } = await created(one);
    const rotate = (n: number, overlapMs = DAY_MS) =>
      one.rotate(endpointId, aSecret({ createdAt: after0(n) }), after0(overlapMs), after0(n));
    for (let n = 1; n <= 9; n++) assert.equal((await rotate(n))?.outcome, "rotated");
    const before = await one.readKeys(endpointId, after0(10));
    assert.equal(before.secrets.length, 10);
    assert.deepEqual(await rotate(10), { outcome: "too-many" });
    assert.deepEqual(await one.readKeys(endpointId, after0(10)), before);
    assert.equal((await rotate(10, 10))?.outcome, "rotated");
    assert.equal((await one.readKeys(endpointId, after0(10))).secrets.length, 1);
  });

  it("loses no secret of rotations that meet", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const secrets = [1, 2, 3, 4].map(() => aSecret({ createdAt: T0 }));
    await Promise.all(secrets.map((secret, n) => (n % 2 ? one : other).rotate(endpointId, secret, after0(DAY_MS), T0)));
    const { secrets: live } = await one.readKeys(endpointId, after0(1));
    assert.equal(live.length, 5);
    assert.deepEqual(live.filter((secret) => secrets.some((given) => given.secret === secret)).length, 4);
    assert.equal((await one.readKeys(endpointId, after0(DAY_MS))).secrets.length, 1);
  });

  it("names the public keys of the secrets that sign, each with its end", async () => {
    const [one, other] = stores();
    const [first, second, third] = [v1a({}), v1a({ createdAt: after0(1) }), v1a({ createdAt: after0(2) })];
    const endpoint = await created(one, { scheme: "v1a", publicKeys: [{ key: first.publicKey }] }, first);
    const { publicKey: _, ...young } = second;
    assert.deepEqual(await one.rotate(endpoint.endpointId, young, after0(DAY_MS), after0(1)), {
      outcome: "rotated",
      endpoint: {
        ...endpoint,
        publicKeys: [{ key: second.publicKey }, { key: first.publicKey, expireAt: after0(DAY_MS) }],
        updatedAt: after0(1),
      },
    });
    const { publicKey: __, ...youngest } = third;
    await other.rotate(endpoint.endpointId, youngest, after0(5), after0(2));
    assert.deepEqual((await one.read(endpoint.endpointId))?.publicKeys, [
      { key: third.publicKey },
      { key: second.publicKey, expireAt: after0(5) },
      { key: first.publicKey, expireAt: after0(5) },
    ]);
    const fourth = v1a({ createdAt: after0(5) });
    const { publicKey: ___, ...last } = fourth;
    await one.rotate(endpoint.endpointId, last, after0(5), after0(5));
    assert.deepEqual((await other.read(endpoint.endpointId))?.publicKeys, [{ key: fourth.publicKey }]);
  });
}

function health(stores: () => readonly [Store, Store]) {
  it("counts every failure of writers that meet", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const changes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 ? one : other).changeHealth(
          endpointId,
          ({ health }) => ({ health: { ...health, failures: health.failures + 1 } }),
          after0(n),
        ),
      ),
    );
    assert.equal((await one.read(endpointId))?.health.failures, 40);
    const seen = changes.map((change) => change?.endpoint.health.failures ?? 0).sort((a, b) => a - b);
    assert.deepEqual([seen[0], seen[19], seen[39], new Set(seen).size], [1, 20, 40, 40]);
  });

  it("writes nothing when the rule wants no change", async () => {
    const [one] = stores();
    const endpoint = await created(one);
    assert.equal(await one.changeHealth(endpoint.endpointId, () => undefined, after0(9)), undefined);
    assert.deepEqual(await one.read(endpoint.endpointId), endpoint);
  });

  it("disables an endpoint with its health, but keeps the reason of one that is disabled", async () => {
    const [one, other] = stores();
    const endpoint = await created(one);
    const sick = { failures: 7, failingSince: T0, toldPercent: 100 };
    const rule = () => ({ health: sick, disabled: { reason: "failing" as const, at: after0(1) } });
    const after = { ...endpoint, health: sick, disabled: { reason: "failing", at: after0(1) }, updatedAt: after0(1) };
    assert.deepEqual(await one.changeHealth(endpoint.endpointId, rule, after0(1)), {
      before: endpoint,
      endpoint: after,
    });
    const again = () => ({ health: HEALTHY, disabled: { reason: "gone" as const, at: after0(2) } });
    await other.changeHealth(endpoint.endpointId, again, after0(2));
    assert.deepEqual(await one.read(endpoint.endpointId), { ...after, health: HEALTHY, updatedAt: after0(2) });
  });

  it("writes the notices of changes that meet with the health, each in its own change's answer", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const notices = [1, 2, 3, 4].map(() => aNotice());
    const changes = await Promise.all(
      notices.map((notice, n) =>
        (n % 2 ? one : other).changeHealth(
          endpointId,
          ({ health }) => ({ health: { ...health, failures: health.failures + 1 }, ...(n > 0 && { notice }) }),
          after0(n),
        ),
      ),
    );
    const [first, ...others] = notices;
    assert.deepEqual(
      changes.map((change) => change?.notice),
      [undefined, ...others],
    );
    assert.equal(await one.readNotice(first?.noticeId ?? ""), undefined);
    for (const notice of others) assert.deepEqual(await one.readNotice(notice.noticeId), notice);
  });

  it("writes the same notice again, and the health with it", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const notice = aNotice();
    const failures = (count: number) => () => ({ health: { failures: count, toldPercent: 50 }, notice });
    await one.changeHealth(endpointId, failures(1), after0(1));
    await other.changeHealth(endpointId, failures(2), after0(2));
    assert.equal((await one.read(endpointId))?.health.failures, 2);
    assert.deepEqual(await one.readNotice(notice.noticeId), notice);
  });

  it("writes no notice of a change that somebody else came before", async () => {
    const [one, other] = stores();
    const { endpointId } = await created(one);
    const decided: string[] = [];
    const changes = await Promise.all(
      [one, other, one, other].map((store, n) =>
        store.changeHealth(
          endpointId,
          ({ health }) => {
            const notice = aNotice({ noticeId: `${endpointId}-${n}-${health.failures}` });
            decided.push(notice.noticeId);
            return { health: { ...health, failures: health.failures + 1 }, notice };
          },
          T0,
        ),
      ),
    );
    const stored = await Promise.all(decided.map((noticeId) => one.readNotice(noticeId)));
    const ids = stored.flatMap((notice) => notice?.noticeId ?? []);
    assert.deepEqual(ids.sort(), changes.map((change) => change?.notice?.noticeId).sort());
  });

  it("writes no notice of an endpoint that is gone", async () => {
    const [one] = stores();
    const notice = aNotice();
    assert.equal(await one.changeHealth(randomJobId(), () => ({ health: HEALTHY, notice }), T0), undefined);
    assert.equal(await one.readNotice(notice.noticeId), undefined);
  });

  it("passes on what a rule throws, and goes on with the next", async () => {
    const [one] = stores();
    const { endpointId } = await created(one);
    const broken = () => {
      throw new Error("broken rule");
    };
    await assert.rejects(one.changeHealth(endpointId, broken, T0), /broken rule/);
    const change = await one.changeHealth(endpointId, () => ({ health: { failures: 1, toldPercent: 0 } }), T0);
    assert.equal(change?.endpoint.health.failures, 1);
  });
}

onBoth<Store>(
  "an endpoint store",
  () => {
    const notices = memoryNoticeStore();
    return { ...memoryEndpointStore(notices), readNotice: notices.read };
  },
  (db) => ({ ...firestoreEndpointStore(db, box, log), readNotice: firestoreNoticeStore(db).read }),
  contract,
);

describe("an endpoint in Firestore", () => {
  let db: Firestore;
  let store: EndpointStore;
  before(() => {
    db = openFirestore(CONTRACT_PROJECT);
    store = firestoreEndpointStore(db, box, log);
  });
  after(() => db.terminate());
  const fieldsAt = async (path: string) => (await db.doc(path).get()).data() ?? {};

  it("has no secret and no header value in any document as it is", async () => {
    const secret = aSecret();
    const { endpointId } = await created(store, { headerNames: ["x-key"] }, secret, { "x-key": "hunter2" });
    await store.rotate(endpointId, aSecret({ secret: "whsec_bmV3" }), after0(DAY_MS), T0);
    await store.change(endpointId, { headers: { "x-key": "hunter3" } }, T0);
    const secrets = await db.collection(`endpoints/${endpointId}/secrets`).get();
    assert.equal(secrets.size, 3);
    const stored = JSON.stringify([await fieldsAt(`endpoints/${endpointId}`), ...secrets.docs.map((d) => d.data())]);
    for (const text of [secret.secret, secret.secret.slice(6, 20), "whsec_", "hunter", "bmV3"]) {
      assert.equal(stored.includes(text), false, text);
    }
  });

  it("does not open a secret that was put in another's place", async () => {
    const [mine, theirs] = [aSecret({ secretId: "one" }), aSecret({ secretId: "one" })];
    const [{ endpointId }, victim] = [await created(store, {}, mine), await created(store, {}, theirs)];
    await db
      .doc(`endpoints/${endpointId}/secrets/one`)
      .set(await fieldsAt(`endpoints/${victim.endpointId}/secrets/one`));
    await assert.rejects(store.readKeys(endpointId, T0), { code: "damaged" });
  });

  it("opens what an older key sealed, and seals anew with the newest", async () => {
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
    assert.equal((await db.collection(`endpoints/${endpointId}/secrets`).get()).size, 2);
  });

  it("is counted in its owner's usage, which keeps what else it holds", async () => {
    const { owner, endpointId } = await created(store, { createdAt: after0(60_000) });
    assert.equal((await fieldsAt(`usage/${owner}`)).endpoints, 1);
    await db.doc(`usage/${owner}`).update({ line: { last: 4, base: 2 } });
    await created(store, { owner });
    assert.equal((await fieldsAt(`usage/${owner}`)).endpoints, 2);
    await store.delete(endpointId);
    const { endpoints, line } = await fieldsAt(`usage/${owner}`);
    assert.deepEqual([endpoints, line], [1, { last: 4, base: 2 }]);
  });

  it("is known to the jobs that its owner submits from then on", async () => {
    const [owner, jobs] = [randomOwner(), firestoreJobStore(db)];
    const submit = async () => {
      const answer = await jobs.submit(aSubmission({ owner }), null, T0);
      return answer.outcome === "accepted" && (await jobs.read(answer.job.jobId))?.hasEndpoints;
    };
    assert.equal(await submit(), undefined);
    const { endpointId } = await created(store, { owner });
    assert.deepEqual([await submit(), await submit()], [true, true]);
    const { endpoints, minute } = await fieldsAt(`usage/${owner}`);
    assert.deepEqual([endpoints, minute.jobs], [1, 3]);
    await store.delete(endpointId);
    assert.equal(await submit(), undefined);
  });

  it("is counted though its owner's usage has expired", async () => {
    const { owner } = await created(store);
    await db.doc(`usage/${owner}`).delete();
    assert.equal(await store.create(anEndpoint({ owner }), aSecret(), {}, 1), "too-many");
    await created(store, { owner });
    assert.equal((await fieldsAt(`usage/${owner}`)).endpoints, 2);
  });

  it("loses its pace when it is deleted, or its rate limit changes", async () => {
    const { endpointId } = await created(store, { rateLimit: 1 });
    const pace = db.doc(`paces/${endpointId}`);
    await pace.set({ freeAtMs: 1 });
    await store.change(endpointId, { description: "kept" }, T0);
    assert.equal((await pace.get()).exists, true);
    await store.change(endpointId, { rateLimit: 2 }, T0);
    assert.equal((await pace.get()).exists, false);
    await pace.set({ freeAtMs: 1 });
    await store.delete(endpointId);
    assert.equal((await pace.get()).exists, false);
  });

  it("keeps fields of a newer version when it is changed", async () => {
    const { endpointId } = await created(store);
    await db.doc(`endpoints/${endpointId}`).update({ newer: 1 });
    await store.change(endpointId, { description: "x" }, T0);
    await store.disable(endpointId, "owner", T0);
    assert.equal((await fieldsAt(`endpoints/${endpointId}`)).newer, 1);
  });

  it("is left out of the list and logged by its id when it is damaged, and can still be deleted", async () => {
    const good = await created(store);
    const damaged = db.collection("endpoints").doc(randomJobId());
    await damaged.set({ owner: good.owner, url: 5, note: "s3cret" });
    log.error.resetHistory();
    assert.deepEqual(await store.listOf(good.owner), [good]);
    assert.deepEqual(log.error.args, [["endpoint cannot be read", { endpointId: damaged.id }]]);
    await store.delete(damaged.id);
    assert.equal((await damaged.get()).exists, false);
  });

  it("writes the changes of its health that meet in one process together", async () => {
    const { endpointId } = await created(store);
    const commit = sinon.spy(db.batch().constructor.prototype, "commit");
    const rule = ({ health }: Endpoint) => ({ health: { ...health, failures: health.failures + 1 } });
    await Promise.all(Array.from({ length: 100 }, () => store.changeHealth(endpointId, rule, T0)));
    commit.restore();
    assert.equal((await store.read(endpointId))?.health.failures, 100);
    assert.equal(commit.callCount, 2);
  });
});
