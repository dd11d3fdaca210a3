import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { JobView } from "@baton/protocol";
import { after, before } from "mocha";
import { z } from "zod";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

const Found = z.array(z.object({ document: z.looseObject({ name: z.string() }).optional() }));

/** Asks the Firestore emulator; a user's token is held against the security rules, `owner` is not. */
function askFirestore(path: string, token: string, body?: object): Promise<Response> {
  const { firestoreHost, projectId } = testCloud();
  const url = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents${path}`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(url, { headers, ...(body && { method: "POST", body: JSON.stringify(body) }) });
}

/** Paths of all documents of the database that say one of `texts`. */
async function pathsThatSay(texts: readonly string[]): Promise<string[]> {
  const everything = { structuredQuery: { from: [{ allDescendants: true }] } };
  const found = Found.parse(await (await askFirestore(":runQuery", "owner", everything)).json());
  const documents = found.flatMap(({ document }) => document ?? []);
  assert.ok(documents.length > 0);
  return documents
    .filter((document) => texts.some((text) => JSON.stringify(document).includes(text)))
    .map(({ name }) => name.replace(/^.*\/documents\//, ""));
}

describe("a job's webhook URL that carries credentials", () => {
  let receiver: WebhookReceiver;
  before(async () => {
    receiver = await startWebhookReceiver();
  });
  after(() => receiver.stop());

  async function ask(token: string, path: string, request?: object, headers = {}): Promise<string> {
    const response = await fetch(testCloud().apiUrl + path, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(request && { method: "POST", body: JSON.stringify(request) }),
    });
    return response.text();
  }

  it("is in one document, which neither its owner nor an admin reads, and in no answer, after a life with failures", async () => {
    const cloud = testCloud();
    const [owner, admin] = [await cloud.newUser(), await cloud.newUser("admin", { batonRole: "admin" })];
    const [inPath, inQuery, key] = [randomUUID(), randomUUID(), randomUUID()];
    const path = `/hooks/${inPath}?token=${inQuery}`;
    const webhookUrl = receiver.url + path;
    receiver.answer(path, 500, 410);
    const request = { type: "chaos.failing", input: { failures: 1, isPermanent: false }, webhookUrl };
    const answers = [await ask(owner.token, "/v1/jobs", request, { "idempotency-key": key })];
    const { jobId } = JobView.parse(JSON.parse(answers[0] ?? ""));
    await waitFor("both attempts", async () => receiver.received.filter((one) => one.path === path).length === 2);
    const deliveries = `/v1/deliveries?jobId=${jobId}`;
    await waitFor("the delivery to end", async () => (await ask(owner.token, deliveries)).includes('"cancelled"'));

    const other = { ...request, webhookUrl: `${webhookUrl}&more=1` };
    answers.push(await ask(owner.token, "/v1/jobs", other, { "idempotency-key": key }));
    assert.match(answers[1] ?? "", /with another webhookUrl/);
    for (const { token } of [owner, admin]) {
      for (const route of [`/v1/jobs/${jobId}`, `/v1/jobs/${jobId}/result`, "/v1/jobs", deliveries]) {
        answers.push(await ask(token, route));
      }
    }
    const hash = createHash("sha256").update(JSON.stringify(webhookUrl)).digest("hex").slice(0, 32);
    const secrets = [inPath, inQuery, hash];
    for (const answer of answers) {
      for (const secret of secrets) assert.ok(!answer.includes(secret), answer);
    }

    assert.deepEqual(await pathsThatSay(secrets), [`batonJobs/${jobId}/batonPayloads/webhook`]);
    for (const { token } of [owner, admin]) {
      const statuses = [
        `/batonJobs/${jobId}`,
        `/batonResults/${jobId}`,
        `/batonJobs/${jobId}/batonPayloads/webhook`,
      ].map(async (document) => (await askFirestore(document, token)).status);
      assert.deepEqual(await Promise.all(statuses), [200, 200, 403]);
    }
  });
});
