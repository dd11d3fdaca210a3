import assert from "node:assert/strict";
import sinon from "sinon";
import { urlGuard } from "../../../functions/src/webhooks/guard/url-guard.ts";
import { type DeliveryPorts, handleDelivery } from "../../../functions/src/webhooks/handle-delivery.ts";
import { memoryDeliveryStore, memoryEndpointStore } from "../../support/memory-webhook-stores.ts";
import { aResult } from "./results.ts";

const JOB_ID = "aaaaaaaaaaaaaaaaaaaa";
const MESSAGE = { messageId: "1", attributes: { jobId: JOB_ID } };

/** The use case with fakes at its ports; `status` is what the webhook's receiver answers. */
function setup({ status = 200, readResult = sinon.fake.resolves(aResult({ webhookUrl: "https://a.example.com/" })) }) {
  const post = sinon.fake.resolves({ outcome: "answered", status });
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() };
  const ports: DeliveryPorts = {
    jobs: { readResult },
    endpoints: memoryEndpointStore(),
    deliveries: memoryDeliveryStore(),
    results: { settle: sinon.fake.resolves(undefined) },
    guard: urlGuard({ allowLoopback: false, ownHosts: [] }),
    transport: { post },
    clock: { now: () => new Date("2026-01-01T12:00:01.700Z"), after: () => () => {} },
    log,
    ownerSecret: () => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    publicApiUrl: "https://api.example.com",
  };
  return { ports, post, log, readResult };
}

describe("handleDelivery", () => {
  it("tells the job's webhookUrl how the job ended", async () => {
    const { ports, post, readResult } = setup({});
    await handleDelivery(ports, MESSAGE);
    assert.deepEqual(readResult.args, [[JOB_ID]]);
    assert.deepEqual(
      post.args.map(([request]) => request.url),
      ["https://a.example.com/"],
    );
  });

  it("sends nothing a second time", async () => {
    const { ports, post } = setup({});
    await handleDelivery(ports, MESSAGE);
    await handleDelivery(ports, MESSAGE);
    assert.equal(post.callCount, 1);
  });

  it("rejects when a webhook was not taken, so that the message comes again", async () => {
    const { ports } = setup({ status: 500 });
    await assert.rejects(handleDelivery(ports, MESSAGE), { code: "webhooks-undelivered" });
  });

  it("acknowledges a webhook that was not taken when the sweep looks after it", async () => {
    const dueAt = new Date("2026-01-01T12:10:00.000Z");
    const readResult = sinon.fake.resolves(aResult({ webhookUrl: "https://a.example.com/", dueAt }));
    const { ports, post } = setup({ status: 500, readResult });
    await handleDelivery(ports, MESSAGE);
    assert.equal(post.callCount, 1);
  });

  it("acknowledges a job without a result", async () => {
    const { ports, post } = setup({ readResult: sinon.fake.resolves(undefined) });
    await handleDelivery(ports, MESSAGE);
    assert.equal(post.callCount, 0);
  });

  for (const attributes of [undefined, {}, { jobId: "../../x" }, { jobId: 5 }]) {
    it(`acknowledges and logs a message with attributes ${JSON.stringify(attributes)}`, async () => {
      const { ports, log, readResult } = setup({});
      await handleDelivery(ports, { messageId: "1", attributes });
      assert.deepEqual([log.error.callCount, readResult.callCount], [1, 0]);
    });
  }
});
