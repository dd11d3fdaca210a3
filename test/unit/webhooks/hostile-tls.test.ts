import assert from "node:assert/strict";
import tls from "node:tls";
import { webhookTransport } from "../../../engine/src/webhooks/egress/http-transport.ts";
import { classifyResponse } from "../../../engine/src/webhooks/rules/classify-response.ts";
import { type Certificate, makeAuthority, makeCertificate } from "../../support/certificates.ts";
import { type HostileReceiver, startHttpReceiver } from "../../support/hostile-receiver.ts";

const TLS_FAILURE = { outcome: "failed", kind: "tls" };

describe("a TLS endpoint", () => {
  const trusted = tls.getCACertificates("default");
  let authority: Certificate;
  let receiver: HostileReceiver;

  before(async () => {
    authority = await makeAuthority();
    tls.setDefaultCACertificates([...trusted, authority.cert]);
  });
  after(() => tls.setDefaultCACertificates(trusted));
  afterEach(() => receiver.stop());

  async function listen(certificate?: Certificate): Promise<void> {
    const options = certificate ? { certificate } : {};
    receiver = await startHttpReceiver((_, response) => response.writeHead(204).end(), options);
  }

  const post = (scheme: string, host = "hook.example") =>
    webhookTransport({ judgeAddress: () => "allowed", resolve: async () => ["127.0.0.1"], deadlineMs: 5000 }).post({
      url: `${scheme}://${host}:${receiver.port}/`,
      headers: {},
      body: "{}",
    });

  it("gets the request when a trusted authority certifies its host", async () => {
    await listen(await makeCertificate("hook.example", { authority }));
    assert.deepEqual(await post("https"), { outcome: "answered", status: 204, excerpt: "" });
    assert.deepEqual(await post("https", "hook.example."), { outcome: "answered", status: 204, excerpt: "" });
  });

  it("is tried again, and gets nothing: its certificate is self-signed", async () => {
    await listen(await makeCertificate("hook.example"));
    assert.deepEqual(await post("https"), TLS_FAILURE);
    assert.equal(receiver.requests.length, 0);
  });

  it("is tried again, and gets nothing: its certificate is by an unknown authority", async () => {
    await listen(await makeCertificate("hook.example", { authority: await makeAuthority() }));
    assert.deepEqual(await post("https"), TLS_FAILURE);
    assert.equal(receiver.requests.length, 0);
  });

  it("is tried again, and gets nothing: its certificate is another host's", async () => {
    await listen(await makeCertificate("other.example", { authority }));
    assert.deepEqual(await post("https"), TLS_FAILURE);
    assert.deepEqual(await post("https", "sub.other.example"), TLS_FAILURE);
    assert.deepEqual(await post("https", "127.0.0.1"), TLS_FAILURE);
    assert.equal(receiver.requests.length, 0);
  });

  it("is tried again, and gets nothing: its certificate has expired", async () => {
    const validUntil = new Date("2021-01-01T00:00:00.000Z");
    await listen(await makeCertificate("hook.example", { authority, validUntil }));
    assert.deepEqual(await post("https"), TLS_FAILURE);
    assert.equal(receiver.requests.length, 0);
  });

  it("is tried again: it speaks plain http on its TLS port", async () => {
    await listen();
    assert.deepEqual(await post("https"), TLS_FAILURE);
    assert.equal(receiver.requests.length, 0);
  });

  it("is tried again: plain http is sent to its TLS port", async () => {
    await listen(await makeCertificate("hook.example", { authority }));
    const outcome = await post("http");
    assert.equal(classifyResponse(outcome), "retry");
    assert.deepEqual(outcome, { outcome: "failed", kind: "connect" });
    assert.equal(receiver.requests.length, 0);
  });

  it("is verified even where the process accepts any certificate", async () => {
    await listen(await makeCertificate("hook.example"));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      assert.deepEqual(await post("https"), TLS_FAILURE);
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });
});
