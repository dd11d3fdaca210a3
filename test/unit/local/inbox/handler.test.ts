import assert from "node:assert/strict";
import { ownerSecret } from "../../../../engine/src/webhooks/signing/owner-secret.ts";
import { signatureHeaders } from "../../../../engine/src/webhooks/signing/sign.ts";
import { type Listening, listen } from "../../../../local/http.ts";
import { inboxHandler } from "../../../../local/inbox/handler.ts";
import type { InboxMessage } from "../../../../local/inbox/messages.ts";

const MASTER_SECRET = "a-master-secret-of-forty-characters-0123";
const ENDPOINT_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const JOB_EVENT = JSON.stringify({ type: "job.completed", data: { jobId: "j1", owner: "ada" } });
const TEST_EVENT = JSON.stringify({ type: "endpoint.test", data: { endpointId: "e1", message: "Hello" } });

describe("the inbox", () => {
  let inbox: Listening;
  beforeEach(async () => {
    const ownerKeys = async (owner: string) => [{ name: "the owner's secret", key: ownerSecret(MASTER_SECRET, owner) }];
    const endpointKeys = {
      ofOwner: async (owner: string) => (owner === "ada" ? [{ name: "endpoint e1", key: ENDPOINT_SECRET }] : []),
      ownerOf: async (endpointId: string) => (endpointId === "e1" ? "ada" : undefined),
    };
    inbox = await listen(inboxHandler({ ownerKeys, endpointKeys }), 0, { name: "inbox" });
  });
  afterEach(() => inbox.close());

  function post(path: string, body: string, secret?: string, signal?: AbortSignal): Promise<Response> {
    const headers = secret === undefined ? {} : signatureHeaders([secret], { id: "msg_1", at: new Date(), body });
    return fetch(inbox.url + path, { method: "POST", headers, body, ...(signal && { signal }) });
  }

  const tell = (behaviour: object) => post("/_inbox/behaviour", JSON.stringify(behaviour));

  async function messages(query = ""): Promise<InboxMessage[]> {
    return (await (await fetch(`${inbox.url}/_inbox/messages${query}`)).json()).messages;
  }

  it("takes a webhook at any path and verifies it with the owner's derived secret", async () => {
    const response = await post("/any/path?x=1", JOB_EVENT, ownerSecret(MASTER_SECRET, "ada"));
    assert.equal(response.status, 200);
    const [message] = await messages("?jobId=j1");
    assert.deepEqual(message?.signature, { outcome: "verified", signedWith: "the owner's secret" });
    assert.deepEqual([message?.path, message?.body, message?.answered], ["/any/path", JOB_EVENT, 200]);
  });

  it("keeps the first 100,000 characters of a body, up to the end of one", async () => {
    await post("/a", `${"x".repeat(99_999)}😀`);
    assert.equal((await messages())[0]?.body, "x".repeat(99_999));
  });

  it("verifies with an endpoint's secret, also what is about the endpoint and names no owner", async () => {
    await post("/a", JOB_EVENT, ENDPOINT_SECRET);
    await post("/a", TEST_EVENT, ENDPOINT_SECRET);
    const signatures = (await messages()).map(({ signature }) => signature);
    const verified = { outcome: "verified", signedWith: "endpoint e1" };
    assert.deepEqual(signatures, [verified, verified]);
  });

  it("takes what is not signed, not JSON, or of no known owner, and says so", async () => {
    const nobody = JSON.stringify({ type: "endpoint.test", data: { endpointId: "e2", message: "Hello" } });
    assert.equal((await post("/a", "hello")).status, 200);
    assert.equal((await post("/a", nobody, ENDPOINT_SECRET)).status, 200);
    assert.equal((await post("/a", JOB_EVENT, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")).status, 200);
    assert.deepEqual(
      (await messages()).map(({ signature }) => signature),
      [
        { outcome: "missing" },
        { outcome: "failed", problem: "the body names no owner, so that no key is known" },
        { outcome: "failed", problem: "No matching signature found (tried: the owner's secret, endpoint e1)" },
      ],
    );
  });

  it("answers as told, with Retry-After, and then as usual", async () => {
    assert.equal((await tell({ path: "/a", status: 429, retryAfter: "120" })).status, 200);
    const told = await post("/a", "{}");
    assert.deepEqual([told.status, told.headers.get("retry-after")], [429, "120"]);
    const usual = await post("/a", "{}");
    assert.deepEqual([usual.status, usual.headers.get("retry-after")], [200, null]);
  });

  it("answers late when told to, and notes the request at once", async () => {
    await tell({ path: "/a", delayMs: 150 });
    const begun = performance.now();
    assert.equal((await post("/a", "{}")).status, 200);
    assert.ok(performance.now() - begun >= 145);
  });

  it("leaves a sender waiting when told to, and shows what it sent", async () => {
    await tell({ path: "/a", status: "never", times: "always" });
    await assert.rejects(post("/a", "{}", undefined, AbortSignal.timeout(200)), { name: "TimeoutError" });
    assert.equal((await messages("?path=/a"))[0]?.answered, "never");
    await tell({ path: "/a", times: "always" });
    assert.equal((await post("/a", "{}")).status, 200);
  });

  it("takes the page's form, leads back to the page, and refuses another site's", async () => {
    const form = new URLSearchParams({ path: "/a", answer: "410", seconds: "30", times: "1" }).toString();
    const send = (site: string) =>
      fetch(`${inbox.url}/_inbox/behaviour`, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8", "sec-fetch-site": site },
        body: form,
        redirect: "manual",
      });
    assert.equal((await send("cross-site")).status, 403);
    assert.equal((await post("/a", "{}")).status, 200);
    const response = await send("same-origin");
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/"]);
    assert.equal((await post("/a", "{}")).status, 410);
  });

  it("takes JSON as curl -d sends it", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = JSON.stringify({ path: "/a", status: 500 });
    assert.equal((await fetch(`${inbox.url}/_inbox/behaviour`, { method: "POST", headers, body })).status, 200);
    assert.equal((await post("/a", "{}")).status, 500);
  });

  it("refuses a behaviour it does not know, and says what is wrong", async () => {
    const response = await tell({ path: "a", status: 500 });
    assert.equal(response.status, 400);
    assert.match((await response.json()).error, /at path/);
  });

  it("gives the page a policy that lets it run and load nothing", async () => {
    const response = await fetch(inbox.url);
    assert.match(await response.text(), /Nothing has arrived yet/);
    assert.equal(
      response.headers.get("content-security-policy"),
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  });
});
