import assert from "node:assert/strict";
import { createBatonClient } from "@baton/client";
import { after, before } from "mocha";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

/** Asks function `deliver` for the webhooks of a job. */
async function requestDelivery(attributes: Record<string, string>): Promise<void> {
  const { pubsubHost, projectId } = testCloud();
  const url = `http://${pubsubHost}/v1/projects/${projectId}/topics/baton-deliveries:publish`;
  const body = JSON.stringify({ messages: [{ attributes }] });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.equal(answer.status, 200);
}

/** Events that a function has acknowledged so far. */
const delivered = (name: string) => testCloud().local.stats()[name]?.delivered ?? 0;

describe("a request to deliver", () => {
  let receiver: WebhookReceiver;
  before(async () => {
    receiver = await startWebhookReceiver();
  });
  after(() => receiver.stop());

  it("notifies of a job's end when notify did not, and notify then sends nothing again", async () => {
    const { local, apiUrl, newUser } = testCloud();
    const { token } = await newUser();
    const client = createBatonClient({ apiUrl, getToken: async () => token });
    const notifiedBefore = delivered("baton-notify");
    local.killFunction("baton-notify", "SIGSTOP");
    try {
      const webhookUrl = `${receiver.url}/late`;
      const { jobId } = await client.submit("video.analysis", { comments: [{ text: "Great!" }] }, { webhookUrl });
      await waitFor("the job to complete", async () => (await client.job(jobId)).status === "completed");
      assert.deepEqual(receiver.received, []);
      await requestDelivery({ jobId });
      await waitFor("the webhook", async () => receiver.received.length > 0);
    } finally {
      local.killFunction("baton-notify", "SIGCONT");
    }
    await waitFor("notify to have had the event", async () => delivered("baton-notify") > notifiedBefore);
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ["/late"],
    );
  });

  it("sends nothing for a delivery that was made already, or that is not there", async () => {
    const [webhook] = receiver.received;
    const deliveryId = String(webhook?.headers["webhook-id"]);
    assert.match(deliveryId, /^msg_[0-9a-f]{32}$/);
    const before = delivered("baton-deliver");
    await requestDelivery({ deliveryId });
    await requestDelivery({ deliveryId: "msg_00000000000000000000000000000000" });
    await waitFor("both acknowledgements", async () => delivered("baton-deliver") === before + 2);
    assert.equal(receiver.received.length, 1);
  });

  it("is acknowledged when it names no job, or one without a result", async () => {
    const before = delivered("baton-deliver");
    await requestDelivery({ jobId: "not the id of a job" });
    await requestDelivery({ jobId: "AAAAAAAAAAAAAAAAAAAA" });
    await waitFor("both acknowledgements", async () => delivered("baton-deliver") === before + 2);
  });
});
