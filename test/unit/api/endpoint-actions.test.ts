import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EndpointEvent } from "@baton/protocol";
import sinon from "sinon";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { aClockAt, anApi, NOW } from "./an-api.ts";

const ID = "BBBBBBBBBBBBBBBBBBB1";
const PATH = `/v1/endpoints/${ID}`;
/** The test event of the documents for subscribers. */
const EXAMPLE = join(import.meta.dirname, "../../../docs/webhook-schemas/endpoint.test.example.json");

/** An API on which alice has the endpoint `ID`, which signs with `whsec_1`. */
async function anEndpoint(scheme: "v1" | "v1a" = "v1") {
  const api = anApi();
  assert.equal((await api.send("POST", "/v1/endpoints", { url: "https://example.com/", scheme })).status, 201);
  return api;
}

/** Stores a delivery of alice's for that endpoint that waits for its first attempt. */
function pending({ deliveries }: ReturnType<typeof anApi>, digit: string) {
  const deliveryId = `msg_${digit.repeat(32)}`;
  const about = { deliveryId, owner: "alice", endpointId: ID, event: "job.completed" as const, expireAt: NOW };
  deliveries.put(newDelivery(about, { state: "pending", nextAttemptAt: NOW }, NOW));
  return deliveryId;
}

describe("POST /v1/endpoints/{endpointId}/disable", () => {
  it("disables with the reason owner, holds pending deliveries, and answers the same again", async () => {
    const api = await anEndpoint();
    const id = pending(api, "a");
    const { status, body } = await api.send("POST", `${PATH}/disable`);
    assert.equal(status, 200);
    assert.deepEqual(body.disabled, { reason: "owner", at: "2026-03-01T12:00:00.000Z" });
    assert.equal((await api.deliveries.read(id))?.state, "held");
    assert.deepEqual((await api.send("POST", `${PATH}/disable`)).body, body);
  });

  it("holds a page of deliveries at once, and asks for the rest in a message", async () => {
    const api = await anEndpoint();
    for (let i = 0; i < 130; i += 1) {
      const deliveryId = `msg_${String(i).padStart(32, "0")}`;
      const about = { deliveryId, owner: "alice", endpointId: ID, event: "job.failed" as const, expireAt: NOW };
      api.deliveries.put(newDelivery(about, { state: "pending", nextAttemptAt: NOW }, NOW));
    }
    await api.send("POST", `${PATH}/disable`);
    assert.equal(api.deliveries.all().filter(({ state }) => state === "held").length, 100);
    assert.deepEqual(api.publishDelivery.args, [[{ endpointId: ID }]]);
  });

  it("keeps the reason of an endpoint that was disabled for failing", async () => {
    const api = await anEndpoint();
    await api.endpoints.disable(ID, "failing", NOW);
    assert.equal((await api.send("POST", `${PATH}/disable`)).body.disabled.reason, "failing");
  });

  it("disables although its deliveries could not be held: a message asks for it", async () => {
    const { endpoints, deliveries } = await anEndpoint();
    const listIds = sinon.fake.rejects(new Error("unreachable"));
    const { send, log, publishDelivery } = anApi({ endpoints, deliveries: { ...deliveries, listIds } });
    assert.equal((await send("POST", `${PATH}/disable`)).status, 200);
    assert.equal(log.warn.callCount, 1);
    assert.deepEqual(publishDelivery.args, [[{ endpointId: ID }]]);
  });
});

describe("POST /v1/endpoints/{endpointId}/enable", () => {
  it("enables, resets the health, and leaves held deliveries to a recovery", async () => {
    const api = await anEndpoint();
    const id = pending(api, "a");
    const failingSince = new Date("2026-02-20T12:00:00.000Z");
    const health = { failures: 9, failingSince, alertedPercent: 100 };
    await api.endpoints.changeHealth(ID, () => ({ health }), NOW);
    await api.send("POST", `${PATH}/disable`);
    assert.equal((await api.send("GET", PATH)).body.health.failingSince, "2026-02-20T12:00:00.000Z");
    const { status, body } = await api.send("POST", `${PATH}/enable`);
    assert.deepEqual([status, "disabled" in body, body.health], [200, false, { failures: 0 }]);
    assert.equal((await api.deliveries.read(id))?.state, "held");
  });
});

describe("GET /v1/endpoints/{endpointId}", () => {
  it("shows a pause while it lasts", async () => {
    const api = await anEndpoint();
    const paused = (pausedUntil: string) => {
      const health = {
        failures: 5,
        alertedPercent: 0,
        pausedUntil: new Date(pausedUntil),
        pausedBy: "breaker" as const,
      };
      return api.endpoints.changeHealth(ID, () => ({ health }), NOW);
    };
    await paused("2026-03-01T12:00:30.000Z");
    const { health } = (await api.send("GET", PATH)).body;
    assert.deepEqual(health, { failures: 5, pausedUntil: "2026-03-01T12:00:30.000Z", pausedBy: "breaker" });
    await paused("2026-03-01T12:00:00.000Z");
    assert.deepEqual((await api.send("GET", PATH)).body.health, { failures: 5 });
  });
});

describe("DELETE /v1/endpoints/{endpointId}", () => {
  it("cancels pending, sending and held deliveries, which can still be read", async () => {
    const api = await anEndpoint();
    const [waiting, sending, held] = [pending(api, "a"), pending(api, "b"), pending(api, "c")];
    await api.deliveries.apply(sending, { kind: "begin" }, NOW);
    await api.deliveries.apply(held, { kind: "hold" }, NOW);
    assert.equal((await api.send("DELETE", PATH)).status, 204);
    for (const id of [waiting, sending, held]) {
      assert.equal((await api.send("GET", `/v1/deliveries/${id}`)).body.state, "cancelled");
    }
    assert.equal(api.publishDelivery.callCount, 0);
  });
});

describe("POST /v1/endpoints/{endpointId}/rotate", () => {
  it("shows a new secret once; the one before signs for another day", async () => {
    const { send, endpoints } = await anEndpoint();
    const { status, body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual(
      [status, body.secret, body.overlapUntil, body.endpointId],
      [200, "whsec_2", "2026-03-02T12:00:00.000Z", ID],
    );
    const secretsAt = async (at: string) => (await endpoints.readKeys(ID, new Date(at))).secrets;
    assert.deepEqual(await secretsAt("2026-03-02T11:59:59.999Z"), ["whsec_2", "whsec_1"]);
    assert.deepEqual(await secretsAt("2026-03-02T12:00:00.000Z"), ["whsec_2"]);
    assert.equal((await send("GET", PATH)).text.includes("whsec_"), false);
  });

  for (const [overlapSeconds, until] of [
    [0, "2026-03-01T12:00:00.000Z"],
    [604_800, "2026-03-08T12:00:00.000Z"],
  ] as const) {
    it(`lets the old secret sign for ${overlapSeconds} s if the request says so`, async () => {
      const { send } = await anEndpoint();
      assert.equal((await send("POST", `${PATH}/rotate`, { overlapSeconds })).body.overlapUntil, until);
    });
  }

  for (const overlapSeconds of [-1, 604_801, 1.5, "60"]) {
    it(`refuses an overlap of ${JSON.stringify(overlapSeconds)} seconds`, async () => {
      const { send, endpoints } = await anEndpoint();
      const { status, body } = await send("POST", `${PATH}/rotate`, { overlapSeconds });
      assert.deepEqual([status, body.errors[0].pointer], [400, "/overlapSeconds"]);
      assert.deepEqual((await endpoints.readKeys(ID, NOW)).secrets, ["whsec_1"]);
    });
  }

  it("refuses an eleventh live secret, and accepts it when the others end at once", async () => {
    const { send, endpoints } = await anEndpoint();
    for (let i = 0; i < 9; i += 1) assert.equal((await send("POST", `${PATH}/rotate`)).status, 200);
    const { status, body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual([status, body.code], [409, "too-many-secrets"]);
    assert.equal((await send("POST", `${PATH}/rotate`, { overlapSeconds: 0 })).status, 200);
    assert.deepEqual((await endpoints.readKeys(ID, NOW)).secrets, ["whsec_12"]);
  });

  it("gives an asymmetric endpoint a new key pair beside the old one", async () => {
    const { send } = await anEndpoint("v1a");
    const { body } = await send("POST", `${PATH}/rotate`);
    assert.deepEqual(body.publicKeys, [
      "whpk_AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
      "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    ]);
    assert.equal("secret" in body, false);
  });

  it("names the old key of an asymmetric endpoint as long as it signs, and no longer", async () => {
    const { endpoints, send } = await anEndpoint("v1a");
    await send("POST", `${PATH}/rotate`, { overlapSeconds: 60 });
    const keysAt = async (at: string) => {
      const later = anApi({ endpoints, clock: aClockAt(() => new Date(at)) });
      const one = (await later.send("GET", PATH)).body.publicKeys;
      const [listed] = (await later.send("GET", "/v1/endpoints")).body.endpoints;
      assert.deepEqual(listed.publicKeys, one);
      return one;
    };
    const [young, old] = [
      "whpk_AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
      "whpk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    ];
    assert.deepEqual(await keysAt("2026-03-01T12:00:59.999Z"), [young, old]);
    assert.deepEqual(await keysAt("2026-03-01T12:01:00.000Z"), [young]);
  });

  it("answers 503 where secrets cannot be encrypted", async () => {
    const { endpoints } = await anEndpoint();
    assert.equal((await anApi({ endpoints, encryptsSecrets: false }).send("POST", `${PATH}/rotate`)).status, 503);
  });
});

describe("POST /v1/endpoints/{endpointId}/test", () => {
  const TEST_ID = "msg_00000000000000000000000000000003";

  it("stores a test event for the endpoint, publishes it, and answers where to read the delivery", async () => {
    const { send, deliveries, publishDelivery } = await anEndpoint();
    const { status, headers, body } = await send("POST", `${PATH}/test`);
    assert.deepEqual([status, headers.get("location")], [202, `../../deliveries/${TEST_ID}`]);
    assert.deepEqual(body, {
      deliveryId: TEST_ID,
      endpointId: ID,
      event: "endpoint.test",
      state: "pending",
      attemptCount: 0,
      nextAttemptAt: "2026-03-01T12:00:00.000Z",
      createdAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:00.000Z",
    });
    assert.deepEqual(publishDelivery.args, [[{ deliveryId: TEST_ID }]]);
    const stored = await deliveries.read(TEST_ID);
    assert.equal(stored?.expireAt.toISOString(), "2026-03-31T12:00:00.000Z");
  });

  it("sends what the example of the documents shows", async () => {
    const { send, deliveries } = await anEndpoint();
    await send("POST", `${PATH}/test`);
    const example = EndpointEvent.parse(JSON.parse(readFileSync(EXAMPLE, "utf8")));
    assert.deepEqual(JSON.parse(deliveries.all()[0]?.body ?? ""), {
      ...example,
      timestamp: "2026-03-01T12:00:00.000Z",
      data: { ...example.data, endpointId: ID },
    });
  });

  it("is accepted although Pub/Sub does not take it: the sweep finds it due", async () => {
    const { endpoints } = await anEndpoint();
    const publisher = { ...anApi().ports.publisher, publishDelivery: sinon.fake.rejects(new Error("no Pub/Sub")) };
    const { send, deliveries, log } = anApi({ endpoints, publisher });
    assert.equal((await send("POST", `${PATH}/test`)).status, 202);
    assert.equal(deliveries.all()[0]?.dueAt?.toISOString(), "2026-03-01T12:00:00.000Z");
    assert.equal(log.warn.callCount, 1);
  });

  it("is refused to a disabled endpoint, saying how to enable it", async () => {
    const { send, deliveries } = await anEndpoint();
    await send("POST", `${PATH}/disable`);
    const { status, body } = await send("POST", `${PATH}/test`);
    assert.deepEqual([status, body.code], [409, "endpoint-disabled"]);
    assert.match(body.detail, /\/enable/);
    assert.deepEqual(deliveries.all(), []);
  });
});

describe("POST /v1/endpoints/{endpointId}/recover", () => {
  const SINCE = "2026-02-01T00:00:00.000Z";

  it("begins with the first delivery there is when it is to begin in the year 0", async () => {
    const { send, recoveries } = await anEndpoint();
    assert.equal((await send("POST", `${PATH}/recover`, { since: "0000-01-01T00:00:00Z" })).status, 202);
    assert.equal(recoveries.all()[0]?.since.toISOString(), "1970-01-01T00:00:00.000Z");
  });

  it("begins a recovery up to now, publishes it, and shows its progress", async () => {
    const { send, recoveries, publishDelivery } = await anEndpoint();
    const { status, headers, body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    const where = `${PATH}/recoveries/BBBBBBBBBBBBBBBBBBB3`;
    assert.deepEqual([status, headers.get("location")], [202, "recoveries/BBBBBBBBBBBBBBBBBBB3"]);
    assert.deepEqual(body, {
      recoveryId: "BBBBBBBBBBBBBBBBBBB3",
      endpointId: ID,
      since: SINCE,
      until: "2026-03-01T12:00:00.000Z",
      state: "running",
      seen: 0,
      resent: 0,
      createdAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:00.000Z",
    });
    assert.deepEqual(publishDelivery.args, [[{ recoveryId: "BBBBBBBBBBBBBBBBBBB3" }]]);
    const [stored] = recoveries.all();
    assert.equal(stored?.dueAt?.toISOString(), "2026-03-01T12:00:00.000Z");
    if (stored) recoveries.put({ ...stored, seen: 7, resent: 2 });
    const progress = (await send("GET", where)).body;
    assert.deepEqual([progress.seen, progress.resent], [7, 2]);
    assert.deepEqual((await send("GET", `${PATH}/recoveries`)).body, { recoveries: [progress] });
  });

  const refused: [name: string, request: object, pointer: string][] = [
    ["no beginning", {}, "/since"],
    ["a beginning in the future", { since: "2026-03-01T12:00:00.001Z" }, "/since"],
    ["an end before the beginning", { since: SINCE, until: "2026-01-31T00:00:00Z" }, "/since"],
    ["an end in the future", { since: SINCE, until: "2026-03-01T13:00:00Z" }, "/until"],
    ["a day instead of an instant", { since: "2026-02-01" }, "/since"],
  ];
  for (const [name, request, pointer] of refused) {
    it(`refuses ${name}`, async () => {
      const { send, recoveries } = await anEndpoint();
      const { status, body } = await send("POST", `${PATH}/recover`, request);
      assert.deepEqual([status, body.code, body.errors[0].pointer], [400, "invalid-request", pointer]);
      assert.deepEqual(recoveries.all(), []);
    });
  }

  it("begins no second recovery while one is running, and another once it is completed", async () => {
    const { send, recoveries } = await anEndpoint();
    const { body: first } = await send("POST", `${PATH}/recover`, { since: SINCE });
    const { status, body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    assert.deepEqual([status, body.code], [409, "recovery-running"]);
    assert.equal(body.detail.includes(first.recoveryId), true);
    for (const recovery of recoveries.all()) recoveries.put({ ...recovery, state: "complete" });
    assert.equal((await send("POST", `${PATH}/recover`, { since: SINCE })).status, 202);
  });

  it("is refused to a disabled endpoint", async () => {
    const { send } = await anEndpoint();
    await send("POST", `${PATH}/disable`);
    const { status, body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    assert.deepEqual([status, body.code], [409, "endpoint-disabled"]);
  });

  it("is found at its own endpoint only", async () => {
    const { send } = await anEndpoint();
    const { body } = await send("POST", `${PATH}/recover`, { since: SINCE });
    const other = (await send("POST", "/v1/endpoints", { url: "https://example.com/2" })).body.endpointId;
    assert.equal((await send("GET", `/v1/endpoints/${other}/recoveries/${body.recoveryId}`)).status, 404);
  });
});
