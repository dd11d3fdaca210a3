import assert from "node:assert/strict";
import { Problem } from "@baton/protocol";
import sinon from "sinon";
import { createApi } from "../../../engine/src/functions/api-app.ts";
import { webhookUrlPolicy } from "../../../engine/src/webhooks/egress/webhook-url-policy.ts";
import { anApi, FIRST_ID, publishing } from "./an-api.ts";

const GOOD = { type: "count.words", input: { text: "one two" } };

describe("POST /v1/jobs", () => {
  it("answers 202 with the queued job and where to read it", async () => {
    const { submit } = anApi();
    const answer = await submit({ ...GOOD, tags: ["demo"], metadata: { order: "7" } });
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get("location"), "jobs/AAAAAAAAAAAAAAAAAAA1");
    assert.deepEqual(answer.body, {
      jobId: FIRST_ID,
      type: "count.words",
      owner: "alice",
      queue: "default",
      status: "queued",
      progress: 0,
      attempt: 0,
      maxAttempts: 3,
      tags: ["demo"],
      metadata: { order: "7" },
      createdAt: "2026-03-01T12:00:00.000Z",
      queuedAt: "2026-03-01T12:00:00.000Z",
      updatedAt: "2026-03-01T12:00:00.000Z",
      history: [{ status: "queued", at: "2026-03-01T12:00:00.000Z", attempt: 0 }],
    });
  });

  it("stores the input as it was sent, and sends the id to the queue", async () => {
    const { submit, jobs, publishJob } = anApi();
    await submit(GOOD);
    assert.deepEqual(await jobs.readInput(FIRST_ID), { text: "one two" });
    assert.deepEqual(publishJob.args, [["default", { jobId: FIRST_ID }]]);
  });

  it("hands a valid traceparent on to the worker, and drops any other", async () => {
    const { submit, publishJob } = anApi();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await submit(GOOD, { headers: { traceparent } });
    await submit(GOOD, { headers: { traceparent: "00-nonsense" } });
    assert.deepEqual(
      publishJob.args.map(([, message]) => message),
      [{ jobId: "AAAAAAAAAAAAAAAAAAA1", traceparent }, { jobId: "AAAAAAAAAAAAAAAAAAA2" }],
    );
  });

  it("says on the job only that there is a webhook URL, and nothing of it in any answer", async () => {
    const { submit, call, jobs } = anApi();
    const answer = await submit({ ...GOOD, webhookUrl: "https://example.com/hook-of-1" });
    const job = await jobs.read(FIRST_ID);
    assert.equal(job?.hasWebhookUrl, true);
    const read = await call("GET", `/v1/jobs/${FIRST_ID}`, { as: "alice" });
    for (const said of [JSON.stringify(job), answer.text, read.text])
      assert.doesNotMatch(said, /hook-of-1|example\.com/);
  });

  it("refuses a webhook URL where nothing could sign its webhook, and stores nothing", async () => {
    const { ports } = anApi({ webhookUrls: webhookUrlPolicy({ judge: () => ({ outcome: "allowed" }) }, false) });
    const response = await createApi(ports).request("/v1/jobs", {
      method: "POST",
      headers: { authorization: "Bearer alice", "content-type": "application/json" },
      body: JSON.stringify({ ...GOOD, webhookUrl: "https://example.com/hook" }),
    });
    const { status, code, detail, errors } = Problem.parse(await response.json());
    assert.deepEqual([status, code, errors?.[0]?.pointer], [400, "webhook-url-refused", "/webhookUrl"]);
    assert.match(detail, /WEBHOOK_MASTER_SECRET.*Leave webhookUrl out/);
    assert.equal(await ports.jobs.read(FIRST_ID), undefined);
  });

  it("accepts as pending, due in 30 s, when publishing fails", async () => {
    const publisher = publishing(sinon.fake.rejects(new Error("deadline exceeded")));
    const { submit, jobs, log } = anApi({ publisher });
    const answer = await submit(GOOD);
    assert.equal(answer.status, 202);
    assert.equal(answer.body.status, "pending");
    assert.equal((await jobs.read(FIRST_ID))?.dueAt?.toISOString(), "2026-03-01T12:00:30.000Z");
    assert.equal(log.warn.callCount, 1);
  });

  it("still accepts when publishing fails and the store has gone away since", async () => {
    const memory = anApi().jobs;
    const jobs = { ...memory, apply: sinon.fake.rejects(new Error("unreachable")) };
    const publisher = publishing(sinon.fake.rejects(new Error("deadline exceeded")));
    const answer = await anApi({ jobs, publisher }).submit(GOOD);
    assert.equal(answer.status, 202);
    assert.equal((await memory.read(FIRST_ID))?.dueAt?.toISOString(), "2026-03-01T12:01:00.000Z");
  });

  it("answers 503 with Retry-After, and publishes nothing, when the store is unreachable", async () => {
    const jobs = { ...anApi().jobs, submit: sinon.fake.rejects(new Error("14 UNAVAILABLE 10.0.0.8:443")) };
    const { submit, publishJob, log } = anApi({ jobs });
    const answer = await submit(GOOD);
    assert.equal(answer.status, 503);
    assert.equal(answer.body.code, "unavailable");
    assert.equal(answer.headers.get("retry-after"), "5");
    assert.equal(answer.text.includes("10.0.0.8"), false);
    // The write may have arrived although its answer did not: no promise that it has not.
    assert.match(answer.body.detail, /may have happened/);
    assert.equal(publishJob.callCount, 0);
    assert.equal(log.error.callCount, 1);
  });

  describe("when the store says nothing for 12 s", () => {
    let clock: sinon.SinonFakeTimers;
    beforeEach(() => {
      clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    });
    afterEach(() => clock.restore());

    /** A store method that never answers. */
    function silence() {
      const called = Promise.withResolvers<void>();
      const method = () => {
        called.resolve();
        return new Promise<never>(() => {});
      };
      return { method, called: called.promise };
    }

    it("answers 503, before the platform gives up on the function", async () => {
      const { method, called } = silence();
      const { submit, publishJob } = anApi({ jobs: { ...anApi().jobs, submit: method } });
      const answer = submit(GOOD);
      await called;
      await clock.tickAsync(12_000);
      assert.deepEqual([(await answer).status, (await answer).body.code], [503, "unavailable"]);
      assert.equal(publishJob.callCount, 0);
    });

    it("still accepts, when the job is stored and only could not be published", async () => {
      const { method, called } = silence();
      const publisher = publishing(sinon.fake.rejects(new Error("deadline exceeded")));
      const answer = anApi({ publisher, jobs: { ...anApi().jobs, apply: method } }).submit(GOOD);
      await called;
      await clock.tickAsync(12_000);
      assert.deepEqual([(await answer).status, (await answer).body.status], [202, "queued"]);
    });
  });

  const refusals: [name: string, request: unknown, status: number, code: string, pointers: string[]][] = [
    ["a misspelt option", { ...GOOD, tag: "x" }, 400, "invalid-request", ["/tag"]],
    ["a body without type and input", {}, 400, "invalid-request", ["/type", "/input"]],
    ["a body that is no object", [GOOD], 400, "invalid-request", [""]],
    ["too many tags", { ...GOOD, tags: Array(11).fill("t") }, 400, "invalid-request", ["/tags"]],
    ["metadata that is no text", { ...GOOD, metadata: { a: 1 } }, 400, "invalid-request", ["/metadata/a"]],
    [
      "a metadata name that Firestore keeps",
      { ...GOOD, metadata: { __a__: "1" } },
      400,
      "invalid-request",
      ["/metadata/__a__"],
    ],
    ["an unknown job type", { ...GOOD, type: "no.such" }, 400, "unknown-job-type", ["/type"]],
    ["a type named like a built-in", { ...GOOD, type: "__proto__" }, 400, "unknown-job-type", ["/type"]],
    [
      "an input of the wrong shape",
      { type: "count.words", input: { text: 1, limit: 11 } },
      400,
      "invalid-input",
      ["/input/text", "/input/limit"],
    ],
    [
      "an input with a name that needs escapes",
      { type: "count.words", input: { text: "", "odd/na~me": 1 } },
      400,
      "invalid-input",
      ["/input/odd~1na~0me"],
    ],
    ["an input that is no object", { type: "count.words", input: null }, 400, "invalid-input", ["/input"]],
    [
      "a webhook URL the guard refuses",
      { ...GOOD, webhookUrl: "https://10.0.0.1/" },
      400,
      "webhook-url-refused",
      ["/webhookUrl"],
    ],
  ];
  for (const [name, request, status, code, pointers] of refusals) {
    it(`refuses ${name} with ${status} ${code}, storing and publishing nothing`, async () => {
      const { submit, jobs, publishJob } = anApi();
      const answer = await submit(request);
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get("content-type"), "application/problem+json");
      assert.equal(answer.body.code, code);
      assert.deepEqual(
        answer.body.errors.map((error: { pointer: string }) => error.pointer),
        pointers,
      );
      assert.equal(await jobs.read(FIRST_ID), undefined);
      assert.equal(publishJob.callCount, 0);
    });
  }

  it("names the known types to a caller who asks for an unknown one", async () => {
    const { submit } = anApi();
    const answer = await submit({ ...GOOD, type: "no.such" });
    assert.equal(answer.body.detail, "There is no such job type. Known types: count.words.");
  });

  it("says in plain words what is missing", async () => {
    const { submit } = anApi();
    const answer = await submit({ type: "count.words", input: {} });
    assert.equal(answer.body.detail, "/input/text: is required.");
    assert.deepEqual(answer.body.errors, [{ pointer: "/input/text", message: "is required" }]);
  });

  it("says that type and input are missing, and why a name is not allowed", async () => {
    const { submit } = anApi();
    assert.deepEqual((await submit({ metadata: { __a__: "1" } })).body.errors, [
      { pointer: "/type", message: "is required" },
      { pointer: "/input", message: "is required" },
      {
        pointer: "/metadata/__a__",
        message: "has a name that is not allowed: a name must not begin and end with two underscores",
      },
    ]);
  });

  it("names at most 20 places", async () => {
    const { submit } = anApi();
    const input = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i]));
    assert.equal((await submit({ type: "count.words", input })).body.errors.length, 20);
  });

  it("takes an input of 900 KiB as JSON, and answers 413 input-too-large one byte above", async () => {
    const frame = '{"text":""}'.length;
    const { submit, jobs } = anApi();
    const full = await submit({ type: "count.words", input: { text: "x".repeat(921_600 - frame) } });
    assert.equal(full.status, 202);
    const over = await submit({ type: "count.words", input: { text: "x".repeat(921_601 - frame) } });
    assert.equal(over.status, 413);
    assert.equal(over.body.code, "input-too-large");
    assert.equal(await jobs.read("AAAAAAAAAAAAAAAAAAA2"), undefined);
  });
});
