import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EndpointEvent } from "@baton/protocol";
import sinon from "sinon";
import { anApi } from "./an-api.ts";
import { anEndpoint, ID, PATH } from "./an-endpoint.ts";

/** The test event of the documents for subscribers. */
const EXAMPLE = join(import.meta.dirname, "../../../docs/webhook-schemas/endpoint.test.example.json");

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
