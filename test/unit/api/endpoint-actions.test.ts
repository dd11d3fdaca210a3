import assert from "node:assert/strict";
import sinon from "sinon";
import { newDelivery } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { anApi, NOW } from "./an-api.ts";
import { anEndpoint, ID, PATH, pending } from "./an-endpoint.ts";

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
