import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import sinon from "sinon";
import type { PostOutcome } from "../../../functions/src/core/delivery.ts";
import type { Endpoint, Log, WebhookTransport } from "../../../functions/src/core/ports.ts";
import { urlGuard } from "../../../functions/src/webhooks/guard/url-guard.ts";
import { type NotifyPorts, notifyResult, UndeliveredError } from "../../../functions/src/webhooks/notify-result.ts";
import { memoryDeliveryStore, memoryEndpointStore } from "../../support/memory-webhook-stores.ts";
import { aResult } from "./results.ts";

const OWNER_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ENDPOINT_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const JOB_URL = "https://hooks.example.com/job";
const ENDPOINT_URL = "https://hooks.example.com/endpoint";
const OK: PostOutcome = { outcome: "answered", status: 200 };
const BROKEN: PostOutcome = { outcome: "answered", status: 500 };

type Post = Parameters<WebhookTransport["post"]>[0];

/** The use case with fakes at its ports; `answers` holds what each URL answers, in order, the last one for ever. */
function setup(answers: Record<string, PostOutcome[]>) {
  const sent: Post[] = [];
  const log = { info: sinon.fake(), warn: sinon.fake(), error: sinon.fake() } satisfies Log;
  const endpoints = memoryEndpointStore();
  const clock = { now: () => new Date("2026-01-01T12:00:01.700Z"), after: () => () => {} };
  const settle = sinon.fake.resolves(undefined);
  const ports: NotifyPorts = {
    endpoints,
    deliveries: memoryDeliveryStore(),
    results: { settle },
    guard: urlGuard({ allowLoopback: false, ownHosts: [] }),
    transport: {
      async post(request) {
        sent.push(request);
        const left = answers[request.url] ?? [OK];
        return (left.length > 1 ? left.shift() : left[0]) ?? OK;
      },
    },
    clock,
    log,
    ownerSecret: () => OWNER_SECRET,
    publicApiUrl: "https://api.example.com",
  };
  return { ports, sent, log, endpoints, clock, settle, urls: () => sent.map(({ url }) => url) };
}

function anEndpoint(given: Partial<Endpoint> = {}): Endpoint {
  const secrets = [ENDPOINT_SECRET];
  return { endpointId: "endpoint1", owner: "alice", url: ENDPOINT_URL, secrets, disabled: false, ...given };
}

function idsOf(sent: Post[], url: string): (string | undefined)[] {
  return sent.filter((post) => post.url === url).map(({ headers }) => headers["webhook-id"]);
}

describe("notifyResult", () => {
  it("posts the signed event to the job's webhookUrl", async () => {
    const { ports, sent } = setup({});
    await notifyResult(ports, aResult({ webhookUrl: JOB_URL }));
    const [post, ...others] = sent;
    assert.ok(post);
    assert.deepEqual(others, []);
    assert.equal(post.url, JOB_URL);
    assert.equal(post.headers["content-type"], "application/json");
    assert.equal(post.headers["webhook-timestamp"], "1767268801");
    const key = Buffer.from(OWNER_SECRET.slice("whsec_".length), "base64");
    const signed = `${post.headers["webhook-id"]}.1767268801.${post.body}`;
    const signature = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
    assert.equal(post.headers["webhook-signature"], signature);
    assert.equal(JSON.parse(post.body).type, "job.completed");
  });

  it("sends to every enabled endpoint of the owner with the endpoint's secrets, and to nobody else's", async () => {
    const { ports, sent, endpoints, urls } = setup({});
    endpoints.add(anEndpoint({ secrets: [ENDPOINT_SECRET, OWNER_SECRET] }));
    endpoints.add(anEndpoint({ endpointId: "off", url: "https://off.example.com/", disabled: true }));
    endpoints.add(anEndpoint({ endpointId: "other", owner: "bob", url: "https://bob.example.com/" }));
    await notifyResult(ports, aResult({ webhookUrl: JOB_URL }));
    assert.deepEqual(urls().sort(), [ENDPOINT_URL, JOB_URL]);
    const signatures = sent.find(({ url }) => url === ENDPOINT_URL)?.headers["webhook-signature"];
    assert.equal(signatures?.split(" ").length, 2);
  });

  it("sends nothing when nobody listens", async () => {
    const { ports, sent } = setup({});
    await notifyResult(ports, aResult());
    assert.deepEqual(sent, []);
  });

  it("asks to be called again after a failure, and then sends only to whoever has not answered, with the same id", async () => {
    const { ports, sent, endpoints } = setup({ [JOB_URL]: [BROKEN, BROKEN, OK] });
    endpoints.add(anEndpoint());
    const result = aResult({ webhookUrl: JOB_URL });
    await assert.rejects(notifyResult(ports, result), (error) => {
      assert.ok(error instanceof UndeliveredError);
      assert.equal(error.code, "webhooks-undelivered");
      assert.match(error.message, /aaaaaaaaaaaaaaaaaaaa are not delivered yet to: job$/);
      return true;
    });
    await assert.rejects(notifyResult(ports, result), UndeliveredError);
    await notifyResult(ports, result);
    await notifyResult(ports, result);
    assert.equal(idsOf(sent, ENDPOINT_URL).length, 1);
    const ids = idsOf(sent, JOB_URL);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    assert.notEqual(ids[0], idsOf(sent, ENDPOINT_URL)[0]);
  });

  it("sends once when the trigger fires twice at the same moment", async () => {
    const { ports, sent } = setup({});
    const result = aResult({ webhookUrl: JOB_URL });
    const outcomes = await Promise.allSettled([notifyResult(ports, result), notifyResult(ports, result)]);
    assert.equal(sent.length, 1);
    // The one that came second is told to look again: the first may yet die.
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    await notifyResult(ports, result);
    assert.equal(sent.length, 1);
  });

  it("remembers each attempt", async () => {
    const { ports, sent } = setup({ [JOB_URL]: [{ outcome: "failed", kind: "dns" }, OK] });
    const result = aResult({ webhookUrl: JOB_URL });
    await assert.rejects(notifyResult(ports, result));
    await notifyResult(ports, result);
    const delivery = await ports.deliveries.read(sent[0]?.headers["webhook-id"] ?? "");
    const at = new Date("2026-01-01T12:00:01.700Z");
    assert.equal(delivery?.state, "succeeded");
    assert.equal(delivery?.endpointId, "job");
    assert.deepEqual(delivery?.attempts, [
      { at, durationMs: 0, kind: "dns" },
      { at, durationMs: 0, status: 200 },
    ]);
  });

  it("disables an endpoint that answers 410 and does not ask to be called again", async () => {
    const { ports, sent, endpoints, clock } = setup({ [ENDPOINT_URL]: [{ outcome: "answered", status: 410 }] });
    endpoints.add(anEndpoint());
    await notifyResult(ports, aResult());
    assert.deepEqual(await endpoints.listEnabled("alice", clock.now()), []);
    await notifyResult(ports, aResult({ jobId: "bbbbbbbbbbbbbbbbbbbb" }));
    assert.equal(sent.length, 1);
  });

  it("takes a 410 of the job's webhookUrl as final", async () => {
    const { ports, sent } = setup({ [JOB_URL]: [{ outcome: "answered", status: 410 }] });
    const result = aResult({ webhookUrl: JOB_URL });
    await notifyResult(ports, result);
    await notifyResult(ports, result);
    assert.equal(sent.length, 1);
  });

  it("never posts to a URL the guard refuses, and does not try again", async () => {
    const { ports, sent, endpoints } = setup({});
    endpoints.add(anEndpoint({ url: "https://169.254.169.254/" }));
    const result = aResult({ webhookUrl: "http://127.0.0.1:8080/" });
    await notifyResult(ports, result);
    assert.deepEqual(sent, []);
  });

  it("fails a delivery for good when a name leads to a blocked address", async () => {
    const { ports, sent } = setup({ [JOB_URL]: [{ outcome: "failed", kind: "blocked_destination" }] });
    const result = aResult({ webhookUrl: JOB_URL });
    await notifyResult(ports, result);
    await notifyResult(ports, result);
    assert.equal(sent.length, 1);
  });

  it("gives up a day after the job ended", async () => {
    const { ports, sent, log } = setup({ [JOB_URL]: [BROKEN] });
    const result = aResult({ webhookUrl: JOB_URL, createdAt: new Date("2025-12-31T12:00:01.700Z") });
    await notifyResult(ports, result);
    await notifyResult(ports, result);
    assert.equal(sent.length, 1);
    assert.equal(log.warn.firstCall.args[0], "webhook given up");
  });

  it("still serves the endpoints when the deployment has no master secret, and asks to be called again", async () => {
    const { ports, endpoints, urls, log } = setup({});
    endpoints.add(anEndpoint());
    const ownerSecret = () => {
      throw new Error("WEBHOOK_MASTER_SECRET has 0 characters");
    };
    await assert.rejects(notifyResult({ ...ports, ownerSecret }, aResult({ webhookUrl: JOB_URL })), (error) => {
      assert.ok(error instanceof UndeliveredError && error.cause instanceof Error);
      assert.match(error.cause.message, /WEBHOOK_MASTER_SECRET/);
      return true;
    });
    assert.deepEqual(urls(), [ENDPOINT_URL]);
    // The platform logs the thrown error without its cause: an operator would never learn of it.
    const [message, fields] = log.error.firstCall.args;
    assert.equal(message, "webhook could not be handled");
    assert.match(String(fields?.error), /WEBHOOK_MASTER_SECRET has 0/);
    assert.equal(fields?.endpointId, "job");
  });

  it("asks to be called again when an attempt could not be noted, and sends again with the same id", async () => {
    const { ports, sent } = setup({});
    const deliveries = { ...ports.deliveries, end: sinon.fake.rejects(new Error("store unreachable")) };
    const result = aResult({ webhookUrl: JOB_URL });
    await assert.rejects(notifyResult({ ...ports, deliveries }, result), UndeliveredError);
    const clock = { ...ports.clock, now: () => new Date("2026-01-01T12:01:00.000Z") };
    await notifyResult({ ...ports, clock }, result);
    const ids = idsOf(sent, JOB_URL);
    assert.equal(ids.length, 2);
    assert.equal(new Set(ids).size, 1);
  });

  describe("the second look at a result", () => {
    const dueAt = new Date("2026-01-01T12:01:00.000Z");

    it("is taken back once nobody is left to be told", async () => {
      const { ports, settle } = setup({});
      const result = aResult({ webhookUrl: JOB_URL, dueAt });
      await notifyResult(ports, result);
      assert.deepEqual(settle.args, [[result.jobId]]);
    });

    it("stays while a webhook is not delivered", async () => {
      const { ports, settle } = setup({ [JOB_URL]: [BROKEN] });
      await assert.rejects(notifyResult(ports, aResult({ webhookUrl: JOB_URL, dueAt })), UndeliveredError);
      assert.equal(settle.callCount, 0);
    });

    it("costs no write when there was to be none", async () => {
      const { ports, settle } = setup({});
      await notifyResult(ports, aResult());
      assert.equal(settle.callCount, 0);
    });
  });

  it("logs no URL, secret or payload", async () => {
    const { ports, log } = setup({ "https://hooks.example.com/job?token=t0ken": [BROKEN] });
    const result = aResult({ webhookUrl: "https://hooks.example.com/job?token=t0ken" });
    await assert.rejects(notifyResult(ports, result));
    assert.equal(log.warn.callCount, 1);
    assert.doesNotMatch(JSON.stringify(log.warn.firstCall.args), /t0ken|hooks\.example|whsec_|answer/);
  });
});
