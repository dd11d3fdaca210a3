import assert from "node:assert/strict";
import sinon from "sinon";
import { anApi, NOW } from "./an-api.ts";

const GOOD = { type: "count.words", input: { text: "one two" } };

describe("GET /v1/usage", () => {
  it("gives the limits of the tier, what is used and left, and what runs and waits", async () => {
    const { submit, call } = anApi();
    for (let i = 0; i < 2; i += 1) await submit({ ...GOOD, input: { text: "" } }, { as: "tim" });
    const { status, body } = await call("GET", "/v1/usage", { as: "tim" });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      tier: "tiny",
      limits: {
        jobsPerMinute: 2,
        jobsPerDay: 3,
        inputBytesPerDay: 1_000_000_000_000,
        activeJobs: 1,
        maxInputBytes: 40,
        maxFileBytes: 100_000_000,
        uploadsPerMinute: 100_000,
        retentionDays: 30,
        endpoints: 2,
        sendsPerMinute: 10,
        changesPerMinute: 100_000,
        erasuresPerHour: 1000,
        requestsPerMinute: 1_000_000,
      },
      minute: { used: 2, remaining: 0, resetsAt: "2026-03-01T12:01:00.000Z" },
      day: { used: 2, remaining: 1, resetsAt: "2026-03-02T00:00:00.000Z" },
      inputBytes: { used: 22, remaining: 999_999_999_978, resetsAt: "2026-03-02T00:00:00.000Z" },
      active: 1,
      waiting: 1,
      endpoints: 0,
    });
  });

  it("tells how many endpoints there are", async () => {
    const { call, jobs, submit } = anApi();
    await submit(GOOD);
    const usage = await jobs.readUsage("alice");
    const readUsage = async () => usage && { ...usage, endpoints: 3 };
    const { body } = await anApi({ jobs: { ...jobs, readUsage } }).call("GET", "/v1/usage", { as: "alice" });
    assert.deepEqual([body.endpoints, (await call("GET", "/v1/usage", { as: "alice" })).body.endpoints], [3, 0]);
  });

  it("counts a caller without a tier, or with an unknown one, as free", async () => {
    const verify = async () => ({
      outcome: "verified" as const,
      principal: { uid: "zoe", isAdmin: false, tier: "constructor" },
    });
    const { body } = await anApi({ tokens: { verify } }).call("GET", "/v1/usage", { as: "zoe" });
    assert.deepEqual([body.tier, body.minute.used, body.active, body.waiting], ["free", 0, 0, 0]);
  });

  it("answers 503 when the store is unreachable", async () => {
    const jobs = { ...anApi().jobs, readUsage: sinon.fake.rejects(new Error("unreachable")) };
    assert.equal((await anApi({ jobs }).call("GET", "/v1/usage", { as: "alice" })).status, 503);
  });
});

describe("DELETE /v1/data", () => {
  it("asks for the erasure of the caller's data up to now, as often as it is asked", async () => {
    const request = sinon.fake(async (owner: string, now: Date) => ({
      owner,
      requestedAt: now,
      shard: 0,
      expireAt: now,
    }));
    const { call } = anApi({ erasures: { request } });
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await call("DELETE", "/v1/data", { as: "alice" });
      assert.deepEqual([status, body], [202, { requestedAt: "2026-03-01T12:00:00.000Z" }]);
    }
    assert.deepEqual(request.firstCall.args, ["alice", NOW]);
  });

  it("answers 503 when the wish could not be stored", async () => {
    const erasures = { request: sinon.fake.rejects(new Error("unreachable")) };
    assert.equal((await anApi({ erasures }).call("DELETE", "/v1/data", { as: "alice" })).status, 503);
  });
});
