import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { signIn } from "../../local/users.ts";
import { testCloud } from "../support/cloud.ts";
import { type HostileReceiver, startHttpReceiver } from "../support/hostile-receiver.ts";
import { buildTestBundles } from "../support/test-bundles.ts";
import { waitFor } from "../support/wait-for.ts";
import { aResult } from "../unit/webhooks/results.ts";

/** The environment of a process, as far as the system tells. */
function environmentOf(pid: number): string {
  return execFileSync("ps", ["eww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
}

describe("the guard of a cloud started with --guard strict", () => {
  let cloud: LocalCloud;
  let db: Firestore;
  let receiver: HostileReceiver;
  let token: string;

  before(async () => {
    receiver = await startHttpReceiver((_, response) => response.writeHead(204).end());
    cloud = await startLocalCloud({
      ports: "auto",
      codebases: await buildTestBundles(),
      guard: "strict",
      console: false,
    });
    const { projectId, firestoreHost, authHost } = cloud.addresses;
    const customHeaders = { Authorization: "Bearer owner" };
    db = new Firestore({ projectId, host: firestoreHost, ssl: false, customHeaders });
    token = await signIn(authHost, `user-${randomUUID()}`);
  });
  after(async () => {
    await db?.terminate();
    await cloud?.stop();
    await receiver.stop();
  });

  async function post(path: string, body: object): Promise<{ status: number; text: string }> {
    const response = await fetch(cloud.addresses.apiUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Submits a job that runs tomorrow, so that no webhook is sent for it. */
  const submit = (webhookUrl: string) => {
    const runAt = new Date(Date.now() + 86_400_000).toISOString();
    return post("/v1/jobs", { type: "video.analysis", input: { comments: [{ text: "Great!" }] }, webhookUrl, runAt });
  };

  const refusedUrls = () => [
    `http://127.0.0.1:${receiver.port}/`,
    `https://127.0.0.1:${receiver.port}/`,
    `https://localhost:${receiver.port}/`,
    `https://[::1]:${receiver.port}/`,
    cloud.addresses.inboxUrl,
    "http://example.com/",
  ];

  it("refuses loopback and plain http as a job's webhookUrl", async () => {
    for (const url of refusedUrls()) {
      const { status, text } = await submit(url);
      assert.deepEqual([status, text.includes("webhook-url-refused")], [400, true], `${url}: ${text}`);
    }
    assert.equal((await submit("https://hook.example.com/")).status, 202);
  });

  it("refuses loopback and plain http as an endpoint", async () => {
    for (const url of refusedUrls()) {
      const { status, text } = await post("/v1/endpoints", { url });
      assert.deepEqual([status, text.includes("webhook-url-refused")], [400, true], `${url}: ${text}`);
    }
    assert.equal((await post("/v1/endpoints", { url: "https://hook.example.com/" })).status, 201);
  });

  it("sends nothing to loopback, though a result asks for it", async () => {
    const jobId = randomUUID().replaceAll("-", "").slice(0, 20);
    const webhookUrl = `http://127.0.0.1:${receiver.port}/`;
    await db.doc(`batonJobs/${jobId}/batonPayloads/webhook`).create({ url: webhookUrl });
    const result = aResult({ jobId, hasWebhookUrl: true });
    await db.doc(`batonResults/${jobId}`).create({ ...result, expireAt: new Date("2100-01-01") });
    const delivery = await waitFor("the end of the delivery", async () => {
      const found = await db.collection("batonDeliveries").where("jobId", "==", jobId).get();
      return found.docs.find((document) => document.get("state") === "failed");
    });
    assert.equal(delivery.get("last.kind"), "blocked_destination");
    assert.equal(receiver.connections(), 0);
  });

  it("is that of functions whose environment says nothing of loopback, unlike the usual local cloud's", () => {
    for (const name of ["baton-api", "baton-notify", "baton-deliver", "baton-worker", "baton-sweep"]) {
      const pid = cloud.functionPid(name);
      const usual = testCloud().local.functionPid(name);
      assert.ok(pid !== undefined && usual !== undefined);
      assert.match(environmentOf(pid), /PUBLIC_API_URL=/);
      assert.doesNotMatch(environmentOf(pid), /LOOPBACK/);
      assert.match(environmentOf(usual), /WEBHOOK_ALLOW_LOOPBACK=true/);
    }
  });
});
