import assert from "node:assert/strict";
import type { EndpointStore } from "../../engine/src/webhooks/ports.ts";
import type { EndpointSecret } from "../../engine/src/webhooks/rules/endpoint.ts";
import { newWebhookKey } from "../../engine/src/webhooks/signing/webhook-keys.ts";
import { aSecret } from "../support/webhooks.ts";
import { after0, T0 } from "./both-webhook-stores.ts";
import { created, DAY_MS, onBothEndpointStores } from "./endpoint-stores.ts";

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

  it("never lengthens an overlap, and stops the old ones at once for an overlap of 0", async () => {
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

  it("loses no secret of concurrent rotations", async () => {
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

onBothEndpointStores("a store of endpoints' secrets", rotation);
