import assert from "node:assert/strict";
import type { JobType } from "../../../engine/src/job-types/define-job.ts";
import { limits } from "../../support/jobs.ts";
import { aClockAt, anApi, countWords, FIRST_ID, NOW } from "./an-api.ts";

const GOOD = { type: "count.words", input: { text: "one two" } };
const SECOND_ID = "AAAAAAAAAAAAAAAAAAA2";
const THIRD_ID = "AAAAAAAAAAAAAAAAAAA3";

/** An API whose one job type is `count.words`, changed. */
function anApiWith(changes: Partial<JobType>) {
  return anApi({ types: new Map([[countWords.type, { ...countWords, ...changes }]]) });
}

describe("a submission with runAt", () => {
  it("waits for its time, unpublished and without a slot", async () => {
    const { submit, jobs, publishJob } = anApi();
    const { status, body } = await submit({ ...GOOD, runAt: "2026-03-02T13:00:00+01:00" });
    assert.deepEqual(
      [status, body.status, body.waitingFor, body.runAt],
      [202, "pending", "time", "2026-03-02T12:00:00.000Z"],
    );
    assert.equal((await jobs.read(FIRST_ID))?.ticket, undefined);
    assert.equal(publishJob.callCount, 0);
  });

  it("in the past is queued at once", async () => {
    const { submit, publishJob } = anApi();
    const { body } = await submit({ ...GOOD, runAt: "2026-03-01T11:59:59Z" });
    assert.deepEqual([body.status, "runAt" in body], ["queued", false]);
    assert.equal(publishJob.callCount, 1);
  });

  it("may be 366 days ahead, and not a millisecond more", async () => {
    const { submit } = anApi();
    assert.equal((await submit({ ...GOOD, runAt: "2027-03-02T12:00:00.000Z" })).status, 202);
    const { status, body } = await submit({ ...GOOD, runAt: "2027-03-02T12:00:00.001Z" });
    assert.deepEqual([status, body.code, body.errors[0].pointer], [400, "invalid-request", "/runAt"]);
  });

  for (const runAt of ["tomorrow", "2026-03-02", "2026-03-02T12:00:00", 1_772_366_400_000]) {
    it(`${runAt} is refused`, async () => {
      const { status, body } = await anApi().submit({ ...GOOD, runAt });
      assert.deepEqual([status, body.errors[0].pointer], [400, "/runAt"]);
    });
  }
});

describe("a submission with an ordering key", () => {
  it("waits for its turn behind one with the same key, and not behind one with another", async () => {
    const { submit } = anApi();
    const ordered = async (orderingKey: string, as = "alice") => {
      const { body } = await submit({ ...GOOD, orderingKey }, { as });
      return [body.status, body.waitingFor, body.orderingKey];
    };
    assert.deepEqual(await ordered("order-7"), ["queued", undefined, "order-7"]);
    assert.deepEqual(await ordered("order-7"), ["pending", "lane", "order-7"]);
    assert.deepEqual(await ordered("order-8"), ["queued", undefined, "order-8"]);
    assert.deepEqual(await ordered("order-7", "bob"), ["queued", undefined, "order-7"]);
  });

  it("is promoted when the one before it is cancelled", async () => {
    const { submit, call, jobs, publishJob } = anApi();
    await submit({ ...GOOD, orderingKey: "k" });
    await submit({ ...GOOD, orderingKey: "k" });
    assert.equal((await call("DELETE", `/v1/jobs/${FIRST_ID}`, { as: "alice" })).status, 200);
    assert.equal((await jobs.read(SECOND_ID))?.status, "queued");
    assert.deepEqual(publishJob.lastCall.args, ["default", { jobId: SECOND_ID }]);
  });

  it("looks once more after it was stored as waiting: the one before it may have ended meanwhile", async () => {
    const api = anApi();
    const { submit: store } = api.jobs;
    // The job before it ends between the decision and the answer.
    api.ports.jobs.submit = async (...args) => {
      const answer = await store(...args);
      if (args[0].jobId === SECOND_ID) await api.jobs.apply(FIRST_ID, { kind: "cancel" }, NOW);
      return answer;
    };
    await api.submit({ ...GOOD, orderingKey: "k" });
    const { body } = await api.submit({ ...GOOD, orderingKey: "k" });
    assert.equal(body.status, "queued");
    assert.equal(api.publishJob.callCount, 2);
  });

  for (const orderingKey of ["", "x".repeat(256)]) {
    it(`of ${orderingKey.length} characters is refused`, async () => {
      const { status, body } = await anApi().submit({ ...GOOD, orderingKey });
      assert.deepEqual([status, body.errors[0].pointer], [400, "/orderingKey"]);
    });
  }
});

describe("a submission of a type that cleans up", () => {
  it("answers 202 to a cancel once it ran, and calls a worker for the clean-up", async () => {
    const { submit, call, jobs } = anApiWith({ onCancel: async () => {} });
    await submit(GOOD);
    await jobs.apply(FIRST_ID, { kind: "claim", leaseId: "l", leaseMs: 60_000 }, NOW);
    await jobs.apply(FIRST_ID, { kind: "suspend", leaseId: "l" }, NOW);
    const { status, body } = await call("DELETE", `/v1/jobs/${FIRST_ID}`, { as: "alice" });
    assert.deepEqual([status, body.status, body.cancelRequested], [202, "queued", true]);
  });
});

describe("a submission of a cached type", () => {
  const cache = { ttlMs: 60_000, version: "1" };

  /** Runs a job to its end. */
  async function complete({ jobs }: ReturnType<typeof anApi>, jobId: string) {
    await jobs.apply(jobId, { kind: "claim", leaseId: "l", leaseMs: 60_000 }, NOW);
    await jobs.apply(jobId, { kind: "complete", leaseId: "l", output: { words: 2 } }, NOW);
  }

  it("completes at once with the result of an equal one, defaults and the order of names aside", async () => {
    const api = anApiWith({ cache });
    await api.submit(GOOD);
    await complete(api, FIRST_ID);
    const { status, body } = await api.submit({ type: "count.words", input: { limit: 5, text: "one two" } });
    assert.deepEqual([status, body.status, body.cached, body.jobId], [202, "completed", true, SECOND_ID]);
    const result = await api.call("GET", `/v1/jobs/${SECOND_ID}/result`, { as: "alice" });
    assert.deepEqual([result.body.output, result.body.cached], [{ words: 2 }, true]);
    assert.equal(api.publishJob.callCount, 1);
  });

  it("waits for an equal one that runs", async () => {
    const api = anApiWith({ cache });
    await api.submit(GOOD);
    const { body } = await api.submit(GOOD);
    assert.deepEqual([body.status, body.waitingFor], ["pending", "result"]);
    assert.equal(api.publishJob.callCount, 1);
  });

  it("shares nothing with another input, another owner, or another version", async () => {
    const api = anApiWith({ cache });
    await api.submit(GOOD);
    assert.equal((await api.submit({ ...GOOD, input: { text: "three" } })).body.status, "queued");
    assert.equal((await api.submit(GOOD, { as: "bob" })).body.status, "queued");
    const later = anApi({
      jobs: api.jobs,
      ids: { ...api.ports.ids, jobId: () => "BBBBBBBBBBBBBBBBBBBB" },
      types: new Map([[countWords.type, { ...countWords, cache: { ...cache, version: "2" } }]]),
    });
    assert.equal((await later.submit(GOOD)).body.status, "queued");
  });

  it("is shared by all owners when the type says so", async () => {
    const api = anApiWith({ cache: { ...cache, isPublic: true } });
    await api.submit(GOOD);
    assert.equal((await api.submit(GOOD, { as: "bob" })).body.waitingFor, "result");
  });

  it("takes for equal what the type's key says", async () => {
    const api = anApiWith({ cache: { ...cache, key: () => "always" } });
    await api.submit(GOOD);
    assert.equal((await api.submit({ ...GOOD, input: { text: "three" } })).body.waitingFor, "result");
  });
});

describe("a submission over a quota", () => {
  const asTim = { as: "tim" };

  it("is refused with 429, what it is, and when it is given back, and stores nothing", async () => {
    const api = anApi({ clock: aClockAt(() => new Date("2026-03-01T12:00:17.500Z")) });
    const small = { ...GOOD, input: { text: "" } };
    const first = await api.submit(small, asTim);
    assert.equal(first.status, 202);
    assert.equal(first.headers.get("ratelimit-policy"), '"minute";q=2;w=60, "day";q=3;w=86400');
    assert.equal(first.headers.get("ratelimit"), '"minute";r=1;t=43, "day";r=2;t=43183');
    assert.equal((await api.submit(small, asTim)).status, 202);
    const { status, headers, body } = await api.submit(small, asTim);
    assert.deepEqual([status, body.code, body.title], [429, "quota-exceeded", "Quota exceeded"]);
    assert.equal(
      body.detail,
      "You have submitted 2 jobs this minute, as many as you may. The quota is given back at 2026-03-01T12:01:00.000Z: submit again in 43 s.",
    );
    assert.equal(headers.get("retry-after"), "43");
    assert.equal(headers.get("ratelimit-policy"), '"minute";q=2;w=60, "day";q=3;w=86400');
    assert.equal(headers.get("ratelimit"), '"minute";r=0;t=43, "day";r=1;t=43183');
    assert.equal(await api.jobs.read(THIRD_ID), undefined);
    assert.equal(api.publishJob.callCount, 2 - 1, "the second waits for its one slot");
  });

  it("of the day says so, and is given back at midnight UTC", async () => {
    let now = NOW;
    const { submit } = anApi({ clock: aClockAt(() => now) });
    for (const minute of [0, 1, 2]) {
      now = new Date(Date.UTC(2026, 2, 1, 12, minute));
      assert.equal((await submit({ ...GOOD, input: { text: "" } }, asTim)).status, 202);
    }
    const { status, headers, body } = await submit({ ...GOOD, input: { text: "" } }, asTim);
    assert.equal(status, 429);
    assert.match(body.detail, /^You have submitted 3 jobs this day/);
    assert.equal(headers.get("retry-after"), "43080");
  });

  it("of the day's bytes says how many are left, and takes what still fits", async () => {
    const tiers = { free: limits({ inputBytesPerDay: 100 }) };
    const { submit, jobs } = anApi({ tiers });
    const sized = (bytes: number) => submit({ type: "count.words", input: { text: "x".repeat(bytes - 11) } });
    assert.equal((await sized(60)).status, 202);
    const { status, headers, body } = await sized(41);
    assert.deepEqual([status, body.code, headers.get("retry-after")], [429, "quota-exceeded", "43200"]);
    assert.equal(
      body.detail,
      "You may submit 100 bytes of inputs a day; 40 are left, and this input has more. " +
        "The quota is given back at 2026-03-02T00:00:00.000Z: submit again in 43200 s.",
    );
    assert.equal((await sized(40)).status, 202);
    assert.deepEqual((await jobs.readUsage("alice"))?.day, {
      startsAt: new Date("2026-03-01"),
      jobs: 2,
      inputBytes: 100,
    });
  });

  it("is counted for accepted submissions only", async () => {
    const { submit, jobs } = anApi();
    await submit({ type: "count.words", input: {} }, asTim);
    await submit({ ...GOOD, input: { text: "x".repeat(41) } }, asTim);
    assert.equal(await jobs.readUsage("tim"), undefined);
  });

  it("of input size answers 413 with both sizes", async () => {
    const { submit } = anApi();
    const { status, body } = await submit({ type: "count.words", input: { text: "x".repeat(20), limit: 5 } }, asTim);
    assert.deepEqual([status, body.code], [413, "input-too-large"]);
    assert.match(body.detail, /is 41 bytes as JSON; 40 are allowed/);
  });
});
