import assert from "node:assert/strict";
import { createBatonClient } from "@baton/client";
import { CreatedEndpoint, WebhookEvent } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { waitFor } from "../support/wait-for.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

type ShortJobs = { "chaos.short": { input: { n: number }; output: unknown } };

const EVENTS = 60;
const HEALTHY = ["/one", "/two", "/three"];
const SICK = ["/hanging", "/resetting"];

describe("webhook endpoints of one owner", () => {
  let receiver: WebhookReceiver;
  let db: Firestore;
  before(async () => {
    receiver = await startWebhookReceiver();
    receiver.alwaysAnswer("/hanging", "never");
    receiver.alwaysAnswer("/resetting", "reset");
    db = openFirestore();
  });
  after(() => Promise.all([receiver.stop(), db.terminate()]));

  async function call(token: string, method: string, path: string, body?: object): Promise<string> {
    const response = await fetch(testCloud().apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
    return text;
  }

  async function newEndpoint(token: string, path: string): Promise<string> {
    const answer = await call(token, "POST", "/v1/endpoints", { url: receiver.url + path });
    return CreatedEndpoint.parse(JSON.parse(answer)).endpointId;
  }

  /**
   * Sixty at once are committed one group after the other: on a busy machine the last ones get a 503, with which the
   * client comes again.
   */
  async function submitAll(token: string): Promise<string[]> {
    const client = createBatonClient<ShortJobs>({ apiUrl: testCloud().apiUrl, getToken: async () => token });
    const jobs = await Promise.all(Array.from({ length: EVENTS }, (_, n) => client.submit("chaos.short", { n })));
    return jobs.map(({ jobId }) => jobId).sort();
  }

  /** The states of the endpoint's deliveries, by job. */
  async function statesOf(endpointId: string): Promise<Map<unknown, unknown>> {
    const { docs } = await db.collection("batonDeliveries").where("endpointId", "==", endpointId).get();
    return new Map(docs.map((delivery) => [delivery.get("jobId"), delivery.get("state")]));
  }

  it("get every event once while another of them hangs and one breaks off, whose events are all kept", async () => {
    const { token } = await testCloud().newUser();
    const healthy = await Promise.all(HEALTHY.map((path) => newEndpoint(token, path)));
    const sick = await Promise.all(SICK.map((path) => newEndpoint(token, path)));
    const jobIds = await submitAll(token);

    for (const [index, path] of HEALTHY.entries()) {
      await waitFor(
        `every delivery to ${path} to have succeeded`,
        async () => {
          const states = [...(await statesOf(healthy[index] ?? "")).values()];
          return states.length === EVENTS && states.every((state) => state === "succeeded");
        },
        240_000,
      );
      const arrived = receiver.received.filter((webhook) => webhook.path === path);
      const told = arrived.map(({ body }) => {
        const { data } = WebhookEvent.parse(JSON.parse(body));
        return "jobId" in data ? data.jobId : "";
      });
      assert.deepEqual(told.sort(), jobIds);
      assert.equal(new Set(arrived.map(({ headers }) => headers["webhook-id"])).size, EVENTS);
    }

    for (const [index, path] of SICK.entries()) {
      const states = await statesOf(sick[index] ?? "");
      assert.deepEqual([...states.keys()].sort(), jobIds);
      for (const state of states.values()) assert.match(String(state), /^(pending|sending|held)$/);
      const arrived = receiver.received.filter((webhook) => webhook.path === path);
      assert.ok(arrived.length > 0, `nothing was sent to ${path}`);
    }

    // What is pending would keep the cloud busy that other tests share.
    for (const endpointId of sick) await call(token, "DELETE", `/v1/endpoints/${endpointId}`);
  }).timeout(900_000);
});
