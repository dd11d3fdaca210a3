import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import sinon from "sinon";
import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import { aNotifier } from "./a-notifier.ts";
import { BROKEN, ENDPOINT_SECRET, JOB_URL, OK, OWNER_SECRET } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const URL = anEndpoint().url;
const DUE_AT = new Date("2026-01-01T12:01:00.000Z");

describe("notifyResult", () => {
  it("posts the signed event to the job's webhookUrl", async () => {
    const { posted, notify } = aNotifier();
    await notify({ hasWebhookUrl: true });
    const post = posted.find(({ url }) => url === JOB_URL);
    assert.ok(post);
    assert.equal(post.headers["content-type"], "application/json");
    assert.equal(post.headers["webhook-timestamp"], "1767268800");
    const key = Buffer.from(OWNER_SECRET.slice("whsec_".length), "base64");
    const signed = `${post.headers["webhook-id"]}.1767268800.${post.body}`;
    const signature = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
    assert.equal(post.headers["webhook-signature"], signature);
    assert.equal(JSON.parse(post.body).type, "job.completed");
  });

  it("sends to every endpoint of the owner that wants the event, and to no other owner's", async () => {
    const { urls, notify } = aNotifier({
      endpoints: [
        anEndpoint(),
        anEndpoint({ endpointId: "failures", url: "https://failures.example.com/", events: ["job.failed"] }),
        anEndpoint({ endpointId: "videos", url: "https://videos.example.com/", types: ["video.analysis"] }),
        anEndpoint({ endpointId: "tests", url: "https://tests.example.com/", types: ["test.job"] }),
        anEndpoint({ endpointId: "bob", owner: "bob", url: "https://bob.example.com/" }),
      ],
    });
    await notify({ hasWebhookUrl: true });
    assert.deepEqual(urls().sort(), [URL, JOB_URL, "https://tests.example.com/"].sort());
  });

  it("signs with every live secret, and sends the endpoint's own headers", async () => {
    const { ports, posted, notify } = aNotifier({ endpoints: [] });
    ports.endpoints.put(anEndpoint(), [ENDPOINT_SECRET, OWNER_SECRET], { "x-team": "blue" });
    await notify();
    const [post] = posted;
    assert.equal(post?.headers["webhook-signature"]?.split(" ").length, 2);
    assert.equal(post.headers["x-team"], "blue");
  });

  it("signs for a job's own URL with each live secret of the owner, the newest first", async () => {
    const { ports, posted, notify } = aNotifier({ endpoints: [] });
    const read = sinon.fake.resolves({ newest: ENDPOINT_SECRET, overlapping: [OWNER_SECRET] });
    await notify({ hasWebhookUrl: true }, { ...ports, ownerSecrets: { read } });
    const [post] = posted;
    const signatureBy = (secret: string) => {
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const signed = `${post?.headers["webhook-id"]}.1767268800.${post?.body}`;
      return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
    };
    const expected = [ENDPOINT_SECRET, OWNER_SECRET].map(signatureBy).join(" ");
    assert.equal(post?.headers["webhook-signature"], expected);
    assert.deepEqual(read.args, [["alice", new Date("2026-01-01T12:00:00.000Z")]]);
  });

  it("creates no delivery to a URL that was erased meanwhile, and asks for no second look", async () => {
    const { ports, posted, notify } = aNotifier({ endpoints: [] });
    const results = { ...ports.results, readWebhookUrl: sinon.fake(async (_jobId: string) => undefined) };
    await notify({ hasWebhookUrl: true, dueAt: DUE_AT }, { results });
    assert.deepEqual([posted, ports.results.settle.args], [[], [["aaaaaaaaaaaaaaaaaaaa"]]]);
  });

  it("makes one query without subscribers, and writes nothing", async () => {
    const { ports, posted, notify } = aNotifier({ endpoints: [] });
    const listOf = sinon.spy(ports.endpoints.listOf);
    const createAll = sinon.spy(ports.deliveries.createAll);
    const watched = { endpoints: { ...ports.endpoints, listOf }, deliveries: { ...ports.deliveries, createAll } };
    await notify({}, watched);
    assert.deepEqual([listOf.callCount, createAll.callCount, ports.results.settle.callCount], [1, 0, 0]);
    assert.equal(ports.results.readWebhookUrl.callCount, 0);
    assert.deepEqual(posted, []);
  });

  it("settles the result when its subscribers are gone", async () => {
    const { ports, notify } = aNotifier({ endpoints: [] });
    await notify({ dueAt: DUE_AT });
    assert.deepEqual(ports.results.settle.args, [["aaaaaaaaaaaaaaaaaaaa"]]);
  });

  it("settles the result with the creation of its deliveries, before anything is sent", async () => {
    const settledAtPost: string[][] = [];
    const post = async () => {
      settledAtPost.push([...sender.ports.deliveries.settled]);
      return OK;
    };
    const sender = aNotifier({ answers: { [URL]: post } });
    await sender.notify({ dueAt: DUE_AT });
    assert.deepEqual(settledAtPost, [["aaaaaaaaaaaaaaaaaaaa"]]);
    assert.equal(sender.ports.results.settle.callCount, 0);
  });

  it("does not settle a result without a second look", async () => {
    const { ports, posted, notify } = aNotifier();
    await notify();
    assert.deepEqual([posted.length, ports.deliveries.settled], [1, []]);
  });

  it("creates no delivery, and sends nothing, for a result that was erased before the event arrived", async () => {
    const { ports, posted, notify } = aNotifier();
    const results = { ...ports.results, exists: sinon.fake.resolves(false) };
    for (const given of [{}, { webhookUrl: JOB_URL, dueAt: DUE_AT }]) await notify(given, { results });
    assert.deepEqual(results.exists.args, [["aaaaaaaaaaaaaaaaaaaa"], ["aaaaaaaaaaaaaaaaaaaa"]]);
    assert.deepEqual([posted, ports.deliveries.all(), ports.deliveries.settled], [[], [], []]);
  });

  it("costs one commit to create, one to record, and one read of the keys in the normal case", async () => {
    const { ports, notify } = aNotifier();
    const [createAll, apply] = [sinon.spy(ports.deliveries.createAll), sinon.spy(ports.deliveries.apply)];
    const [readKeys, changeHealth] = [sinon.spy(ports.endpoints.readKeys), sinon.spy(ports.endpoints.changeHealth)];
    const deliveries = { ...ports.deliveries, createAll, apply };
    await notify({ dueAt: DUE_AT }, { deliveries, endpoints: { ...ports.endpoints, readKeys, changeHealth } });
    const calls = [createAll, readKeys, apply, changeHealth].map(({ callCount }) => callCount);
    assert.deepEqual(calls, [1, 1, 1, 0]);
  });

  it("sends once when the trigger fires twice, concurrently or later", async () => {
    const { ports, posted, notify, clock } = aNotifier();
    const result = aResult({ hasWebhookUrl: true });
    await clock.runUntil(Promise.all([notifyResult(ports, result), notifyResult(ports, result)]));
    await notify({ hasWebhookUrl: true });
    assert.equal(posted.length, 2);
  });

  it("rejects when the deliveries cannot be stored, so that the event comes again", async () => {
    const { ports, posted, notify } = aNotifier();
    const createAll = sinon.fake.rejects(new Error("store unreachable"));
    await assert.rejects(notify({}, { deliveries: { ...ports.deliveries, createAll } }), /store unreachable/);
    assert.deepEqual(posted, []);
  });

  it("records each attempt with its headers masked", async () => {
    const { ports, posted, notify } = aNotifier({ endpoints: [], answers: { [URL]: [BROKEN] } });
    ports.endpoints.put(anEndpoint(), [ENDPOINT_SECRET, OWNER_SECRET], { authorization: "Bearer t0ken" });
    await notify();
    const id = posted[0]?.headers["webhook-id"] ?? "";
    assert.deepEqual(await ports.deliveries.listAttempts(id), [
      {
        deliveryId: id,
        owner: "alice",
        number: 1,
        at: new Date("2026-01-01T12:00:00.000Z"),
        durationMs: 0,
        status: 500,
        excerpt: "oops",
        requestHeaders: {
          authorization: "***",
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": "1767268800",
          "webhook-signature": "v1,*** v1,***",
        },
        nextAttemptAt: new Date("2026-01-01T12:00:05.000Z"),
        expireAt: new Date("2026-01-31T12:00:00.000Z"),
      },
    ]);
  });

  it("keeps the event of a disabled endpoint, and sends nothing", async () => {
    const disabled = { reason: "owner" as const, at: DUE_AT };
    const { posted, notify, deliveryTo } = aNotifier({ endpoints: [anEndpoint({ disabled })] });
    await notify();
    assert.deepEqual([posted.length, deliveryTo("endpoint1")?.state], [0, "held"]);
  });

  it("sends nothing to a paused endpoint until the end of its pause", async () => {
    const pausedUntil = new Date("2026-01-01T12:10:00.000Z");
    const health = { failures: 5, alertedPercent: 0, pausedUntil, pausedBy: "breaker" as const };
    const { posted, notify, deliveryTo } = aNotifier({ endpoints: [anEndpoint({ health })] });
    await notify();
    assert.equal(posted.length, 0);
    assert.deepEqual(deliveryTo("endpoint1")?.nextAttemptAt, pausedUntil);
  });
});
