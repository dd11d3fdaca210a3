import assert from "node:assert/strict";
import { before } from "mocha";
import type { Endpoint } from "../../engine/src/webhooks/rules/endpoint.ts";
import { randomJobId, randomOwner } from "../support/jobs.ts";
import { anEndpoint, aSecret } from "../support/webhooks.ts";
import { after0, T0 } from "./both-webhook-stores.ts";
import { created, onBothEndpointStores, type Store } from "./endpoint-stores.ts";

const HEALTHY = { failures: 0, alertedPercent: 0 };

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
      health: { failures: 3, failingSince: T0, alertedPercent: 50, pausedUntil: after0(9), pausedBy: "breaker" },
    };
    const endpoint = await created(one, full, secret, { "x-key": "välue", __proto: "2" });
    assert.deepEqual(await other.read(endpoint.endpointId), endpoint);
    const keys = { secrets: [secret.secret], headers: { "x-key": "välue", __proto: "2" } };
    assert.deepEqual(await other.readKeys(endpoint.endpointId, T0), keys);
  });

  it("has no endpoint that was not created, and no keys for it", async () => {
    assert.equal(await one.read(randomJobId()), undefined);
    assert.deepEqual(await one.readKeys(randomJobId(), T0), { secrets: [], headers: {} });
  });

  it("lists the owner's endpoints, disabled ones too, the oldest first, and no other owner's", async () => {
    const owner = randomOwner();
    const second = await created(one, { owner, createdAt: after0(2), disabled: { reason: "owner", at: T0 } });
    const first = await created(one, { owner, createdAt: after0(1) });
    await created(one);
    assert.deepEqual(await other.listOf(owner), [first, second]);
    assert.deepEqual(await one.listOf(randomOwner()), []);
  });

  it("creates no more than the limit for concurrent callers, at first and later", async () => {
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

  it("changes the given fields, and leaves the others", async () => {
    const endpoint = await created(one, { rateLimit: 3, types: ["a"] }, aSecret(), { "x-old": "1" });
    const change = { url: "https://other.example.com/", events: ["job.failed" as const], headerNames: ["x-new"] };
    const after = await one.change(endpoint.endpointId, { ...change, headers: { "x-new": "2" } }, after0(5));
    assert.deepEqual(after, { ...endpoint, ...change, updatedAt: after0(5) });
    assert.deepEqual(await other.read(endpoint.endpointId), after);
    assert.deepEqual((await other.readKeys(endpoint.endpointId, T0)).headers, { "x-new": "2" });
  });

  it("removes the rate limit, and the custom headers", async () => {
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

  it("resets the health of an endpoint when it is enabled", async () => {
    const health = { failures: 9, failingSince: T0, alertedPercent: 100, pausedUntil: after0(9), pausedBy: "breaker" };
    const given = { health: { ...health, pausedBy: "breaker" as const } };
    const { disabled: _, ...endpoint } = await created(one, { ...given, disabled: { reason: "failing", at: T0 } });
    const enabled = { ...endpoint, health: HEALTHY, updatedAt: after0(3) };
    assert.deepEqual(await one.enable(endpoint.endpointId, after0(3)), enabled);
    assert.deepEqual(await other.enable(endpoint.endpointId, after0(4)), enabled);
    assert.deepEqual(await one.read(endpoint.endpointId), enabled);
  });
}

onBothEndpointStores("an endpoint store", contract);
