import assert from "node:assert/strict";
import sinon from "sinon";
import { aJob, type GivenJob } from "../../support/jobs.ts";
import { anApi, NOW } from "./an-api.ts";

const LEASE = { leaseId: "lease-1", leaseMs: 60_000 };

/** An API with one job of alice's in it. */
async function withJob(given: GivenJob = {}) {
  const api = anApi();
  const job = aJob(given);
  await api.jobs.put(job, {});
  return { ...api, jobId: job.jobId, path: `/v1/jobs/${job.jobId}` };
}

async function withRunningJob() {
  const api = await withJob();
  await api.jobs.apply(api.jobId, { kind: "claim", ...LEASE }, NOW);
  return api;
}

async function withCompletedJob() {
  const api = await withRunningJob();
  await api.jobs.apply(api.jobId, { kind: "complete", leaseId: "lease-1", output: { words: 2 } }, NOW);
  return api;
}

describe("GET /v1/jobs/{jobId}", () => {
  it("shows the owner their job, and nothing of the machinery", async () => {
    const { call, path, jobId } = await withRunningJob();
    const { status, body } = await call("GET", path, { as: "alice" });
    assert.equal(status, 200);
    assert.equal(body.jobId, jobId);
    assert.equal(body.status, "processing");
    assert.equal(body.startedAt, "2026-03-01T12:00:00.000Z");
    for (const hidden of [
      "engine",
      "lease",
      "shard",
      "dueAt",
      "ticket",
      "concurrencyLimit",
      "retentionMs",
      "expireAt",
      "webhookUrl",
    ]) {
      assert.equal(hidden in body, false, hidden);
    }
  });

  it("shows an admin every owner's job", async () => {
    const { call, path } = await withJob();
    assert.equal((await call("GET", path, { as: "admin" })).status, 200);
  });

  it("tells a stranger exactly what it tells about a job that does not exist", async () => {
    const { call, path } = await withJob();
    const headers = { "x-request-id": "same" };
    const foreign = await call("GET", path, { as: "bob", headers });
    const missing = await call("GET", "/v1/jobs/BBBBBBBBBBBBBBBBBBBB", { as: "bob", headers });
    assert.equal(foreign.status, 404);
    assert.equal(foreign.body.code, "not-found");
    assert.equal(foreign.text, missing.text);
    assert.deepEqual([...foreign.headers], [...missing.headers]);
  });

  for (const odd of ["__reserved__", "..%2F..%2Fsecrets", "a%2Fb", "%00", "x".repeat(2000)]) {
    it(`answers 404 to ${odd.slice(0, 20)}, and asks the store for nothing`, async () => {
      const read = sinon.fake.resolves(undefined);
      const { call } = anApi({ jobs: { ...anApi().jobs, read } });
      assert.equal((await call("GET", `/v1/jobs/${odd}`, { as: "alice" })).status, 404);
      assert.equal(read.callCount, 0);
    });
  }

  it("answers 503 when the store is unreachable", async () => {
    const jobs = { ...anApi().jobs, read: sinon.fake.rejects(new Error("unreachable")) };
    const { status, body } = await anApi({ jobs }).call("GET", "/v1/jobs/BBBBBBBBBBBBBBBBBBBB", { as: "alice" });
    assert.deepEqual([status, body.code], [503, "unavailable"]);
  });
});

describe("GET /v1/jobs/{jobId}/result", () => {
  it("gives the output of a completed job", async () => {
    const { call, path, jobId } = await withCompletedJob();
    const { status, body } = await call("GET", `${path}/result`, { as: "alice" });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      jobId,
      type: "test.job",
      owner: "alice",
      status: "completed",
      output: { words: 2 },
      attempt: 1,
      durationMs: 5_140_800_000,
      createdAt: "2026-03-01T12:00:00.000Z",
    });
  });

  it("gives the error of a failed job", async () => {
    const { call, path, jobs, jobId } = await withRunningJob();
    const error = { code: "no-comments", message: "The video has no comments." };
    await jobs.apply(jobId, { kind: "fail", leaseId: "lease-1", error, isPermanent: true, retryAt: NOW }, NOW);
    const { status, body } = await call("GET", `${path}/result`, { as: "alice" });
    assert.deepEqual([status, body.status, body.error], [200, "failed", error]);
  });

  it("answers 409 not-final while the job runs", async () => {
    const { call, path } = await withRunningJob();
    const { status, body } = await call("GET", `${path}/result`, { as: "alice" });
    assert.deepEqual([status, body.code], [409, "not-final"]);
    assert.match(body.detail, /^The job is processing/);
  });

  it("is 404 to a stranger, final or not", async () => {
    for (const { call, path } of [await withRunningJob(), await withCompletedJob()]) {
      assert.equal((await call("GET", `${path}/result`, { as: "bob" })).status, 404);
    }
  });

  it("is 404 once the result is no longer kept", async () => {
    const { call, path } = await withJob({ status: "completed" });
    assert.equal((await call("GET", `${path}/result`, { as: "alice" })).status, 404);
  });

  it("is given to an admin", async () => {
    const { call, path } = await withCompletedJob();
    assert.equal((await call("GET", `${path}/result`, { as: "admin" })).status, 200);
  });
});

describe("DELETE /v1/jobs/{jobId}", () => {
  it("cancels a waiting job with 200", async () => {
    const { call, path, jobs, jobId } = await withJob();
    const { status, body } = await call("DELETE", path, { as: "alice" });
    assert.deepEqual([status, body.status], [200, "cancelled"]);
    assert.equal((await jobs.readResult(jobId))?.status, "cancelled");
  });

  it("asks a running job to stop with 202, as often as it is asked", async () => {
    const { call, path } = await withRunningJob();
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await call("DELETE", path, { as: "alice" });
      assert.deepEqual([status, body.status, body.cancelRequested], [202, "processing", true]);
    }
  });

  it("answers 200 again for a job that is cancelled already", async () => {
    const { call, path } = await withJob();
    await call("DELETE", path, { as: "alice" });
    assert.equal((await call("DELETE", path, { as: "alice" })).status, 200);
  });

  it("answers 409 already-final for a completed job", async () => {
    const { call, path } = await withCompletedJob();
    const { status, body } = await call("DELETE", path, { as: "alice" });
    assert.deepEqual([status, body.code], [409, "already-final"]);
  });

  it("is 404 to a stranger and 403 to an admin, and changes nothing", async () => {
    const { call, path, jobs, jobId } = await withJob();
    assert.equal((await call("DELETE", path, { as: "bob" })).status, 404);
    const admin = await call("DELETE", path, { as: "admin" });
    assert.deepEqual([admin.status, admin.body.code], [403, "forbidden"]);
    assert.equal((await jobs.read(jobId))?.status, "queued");
  });

  it("is 404 for a job that is gone by the time it is cancelled", async () => {
    const job = aJob();
    const jobs = { ...anApi().jobs, read: async () => job };
    assert.equal((await anApi({ jobs }).call("DELETE", `/v1/jobs/${job.jobId}`, { as: "alice" })).status, 404);
  });
});

describe("GET /v1/jobs", () => {
  async function withJobs() {
    const api = anApi();
    for (const [i, owner] of ["alice", "alice", "bob", "alice"].entries()) {
      const at = new Date(Date.UTC(2026, 0, 1 + i));
      await api.jobs.put(aJob({ owner, tags: [`t${i}`] }, at), {});
    }
    return api;
  }
  const tags = (body: { jobs: { tags: string[] }[] }) => body.jobs.flatMap((job) => job.tags);

  it("lists own jobs only, newest first", async () => {
    const { call } = await withJobs();
    const { status, body } = await call("GET", "/v1/jobs", { as: "alice" });
    assert.equal(status, 200);
    assert.deepEqual(tags(body), ["t3", "t1", "t0"]);
  });

  it("pages with the cursor it gave", async () => {
    const { call } = await withJobs();
    const first = await call("GET", "/v1/jobs?limit=2", { as: "alice" });
    assert.deepEqual(tags(first.body), ["t3", "t1"]);
    const second = await call("GET", `/v1/jobs?limit=2&cursor=${first.body.nextCursor}`, { as: "alice" });
    assert.deepEqual(tags(second.body), ["t0"]);
    assert.equal("nextCursor" in second.body, false);
  });

  it("filters by status, type and tag", async () => {
    const { call } = await withJobs();
    assert.deepEqual(tags((await call("GET", "/v1/jobs?tag=t1", { as: "alice" })).body), ["t1"]);
    assert.deepEqual(tags((await call("GET", "/v1/jobs?status=completed", { as: "alice" })).body), []);
    assert.deepEqual(tags((await call("GET", "/v1/jobs?type=other", { as: "alice" })).body), []);
  });

  it("lists another owner's jobs to an admin who names them", async () => {
    const { call } = await withJobs();
    assert.deepEqual(tags((await call("GET", "/v1/jobs?owner=bob", { as: "admin" })).body), ["t2"]);
    assert.deepEqual(tags((await call("GET", "/v1/jobs", { as: "admin" })).body), []);
  });

  it("refuses another owner's jobs to every other caller with 403, and accepts the caller's own name", async () => {
    const { call } = await withJobs();
    const foreign = await call("GET", "/v1/jobs?owner=bob", { as: "alice" });
    assert.deepEqual([foreign.status, foreign.body.code], [403, "forbidden"]);
    assert.equal((await call("GET", "/v1/jobs?owner=alice", { as: "alice" })).status, 200);
  });

  for (const [query, pointer] of [
    ["limit=0", "?limit"],
    ["limit=101", "?limit"],
    ["limit=ten", "?limit"],
    ["status=done", "?status"],
    ["status=queued&status=failed", "?status"],
    ["page=2", "?page"],
    ["cursor=nonsense", "?cursor"],
    ["cursor=", "?cursor"],
    ["type=", "?type"],
  ]) {
    it(`refuses ?${query}, naming the parameter`, async () => {
      const { call } = await withJobs();
      const { status, body } = await call("GET", `/v1/jobs?${query}`, { as: "alice" });
      assert.deepEqual([status, body.code, body.errors[0].pointer], [400, "invalid-request", pointer]);
    });
  }
});
