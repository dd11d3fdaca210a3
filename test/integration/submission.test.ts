import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createBatonClient, type JobResultView, type JobView } from "@baton/client";
import { type JobStatus, UsageView } from "@baton/protocol";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";

const ECHO = { type: "test.echo", input: { n: 1 } };

interface TestJobs {
  "test.echo": { input: unknown; output: unknown };
  "test.cached": { input: { text: string; ms?: number }; output: { run: string } };
}

/** A fresh owner, the client's way and by hand: the client repeats requests and hides headers. */
async function newOwner(claims: { batonTier?: string } = {}) {
  const { uid, token } = await testCloud().newUser("submitter", claims);
  const { apiUrl } = testCloud();
  const client = createBatonClient<TestJobs>({ apiUrl, getToken: async () => token });
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  }
  const submit = (request: unknown, headers = {}) => call("POST", "/v1/jobs", request, headers);
  const reaching = (jobId: string, status: JobStatus): Promise<JobView> =>
    waitFor(`job ${jobId} to be ${status}`, async () => {
      const job = await client.job(jobId);
      return job.status === status && job;
    });
  return { uid, client, call, submit, reaching };
}

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe("idempotency keys on the local cloud", () => {
  it("make one job of twenty equal submissions at once", async () => {
    const { submit, call } = await newOwner();
    const answers = await times(20, () => submit(ECHO, { "idempotency-key": "order 7" }));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    assert.equal(new Set(answers.map(({ body }) => body.jobId)).size, 1);
    assert.equal(answers.filter(({ headers }) => headers.get("idempotent-replayed") === null).length, 1);
    assert.equal((await call("GET", "/v1/jobs")).body.jobs.length, 1);
    assert.equal(UsageView.parse((await call("GET", "/v1/usage")).body).day.used, 1);
  });

  it("refuse another request, at once with the first as well as later", async () => {
    const { submit } = await newOwner();
    const other = { ...ECHO, input: { n: 2 }, tags: ["t"] };
    const answers = await times(2, (index) => submit(index === 0 ? ECHO : other, { "idempotency-key": "k" }));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409]);
    const later = await submit({ type: "test.cached", input: { text: "x" } }, { "idempotency-key": "k" });
    assert.deepEqual([later.status, later.body.code], [409, "idempotency-conflict"]);
    assert.deepEqual(later.body.errors[0].pointer, "/input");
  });
});

describe("quotas on the local cloud", () => {
  it("are not exceeded by fifty submissions at once, and say where the owner stands", async () => {
    const { submit, call } = await newOwner({ batonTier: "tiny" });
    await waitFor("a minute with time left", async () => Date.now() % 60_000 < 45_000);
    const answers = await times(50, () => submit(ECHO));
    const accepted = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 429);
    assert.deepEqual([accepted.length, refused.length], [5, 45]);
    const left = accepted.map(({ headers }) =>
      /^"minute";r=(\d+);t=\d+, "day";r=\d+;t=\d+$/.exec(headers.get("ratelimit") ?? ""),
    );
    assert.deepEqual(left.map((found) => found?.[1]).sort(), ["0", "1", "2", "3", "4"]);
    for (const { headers, body } of refused) {
      assert.equal(body.code, "quota-exceeded");
      assert.equal(headers.get("ratelimit-policy"), '"minute";q=5;w=60, "day";q=1000;w=86400');
      const retryAfter = Number(headers.get("retry-after"));
      assert.ok(retryAfter >= 1 && retryAfter <= 60, `Retry-After: ${retryAfter}`);
    }
    const usage = UsageView.parse((await call("GET", "/v1/usage")).body);
    assert.deepEqual([usage.tier, usage.minute.used, usage.day.used], ["tiny", 5, 5]);
  });

  it("let as many jobs run at once as the tier says, and all in the end", async () => {
    const { client, call, reaching } = await newOwner({ batonTier: "narrow" });
    const jobs = await times(4, (index) => client.submit("test.cached", { text: String(index), ms: 300 }));
    const usage = UsageView.parse((await call("GET", "/v1/usage")).body);
    assert.ok(usage.active <= 1, `${usage.active} run`);
    assert.ok(usage.waiting >= 1, `${usage.waiting} wait`);
    const ended = await Promise.all(jobs.map(({ jobId }) => reaching(jobId, "completed")));
    assertApart(ended);
  });
});

describe("delayed and ordered jobs on the local cloud", () => {
  it("run at their time, and not before", async () => {
    const { client, reaching } = await newOwner();
    const runAt = new Date(Date.now() + 3000);
    const job = await client.submit("test.echo", 1, { runAt });
    assert.deepEqual([job.status, job.waitingFor, job.runAt], ["pending", "time", runAt.toISOString()]);
    const { startedAt = "" } = await reaching(job.jobId, "completed");
    assert.ok(startedAt >= runAt.toISOString(), `started at ${startedAt}, before ${runAt.toISOString()}`);
  });

  it("run in the order of their submission, one at a time", async () => {
    const { client, reaching } = await newOwner();
    const jobs: JobView[] = [];
    for (let n = 0; n < 10; n += 1) jobs.push(await client.submit("test.echo", n, { orderingKey: "k" }));
    const ended = await Promise.all(jobs.map(({ jobId }) => reaching(jobId, "completed")));
    assertApart(ended);
    const byStart = ended.toSorted((a, b) => ((a.startedAt ?? "") < (b.startedAt ?? "") ? -1 : 1));
    assert.deepEqual(
      byStart.map(({ jobId }) => jobId),
      jobs.map(({ jobId }) => jobId),
    );
  });

  it("are promoted when the one before them is cancelled while it waits", async () => {
    const { client, reaching } = await newOwner();
    const [first, second, third] = [
      await client.submit("test.cached", { text: "first", ms: 500 }, { orderingKey: "k" }),
      await client.submit("test.echo", 2, { orderingKey: "k" }),
      await client.submit("test.echo", 3, { orderingKey: "k" }),
    ];
    assert.equal((await client.cancel(second.jobId)).status, "cancelled");
    const ended = await Promise.all([first, third].map(({ jobId }) => reaching(jobId, "completed")));
    assertApart(ended);
  });
});

describe("cached results on the local cloud", () => {
  it("complete a later equal submission at once, with the same output", async () => {
    const { client, reaching } = await newOwner();
    const input = { text: randomUUID() };
    const first = await client.submit("test.cached", input);
    await reaching(first.jobId, "completed");
    const second = await client.submit("test.cached", { ms: 0, ...input });
    assert.deepEqual([second.status, second.cached, second.attempt], ["completed", true, 0]);
    const [one, other] = await Promise.all([first, second].map(({ jobId }) => client.result(jobId)));
    assert.deepEqual([one?.cached, other?.cached], [undefined, true]);
    assert.equal(runOf(one), runOf(other));
  });

  it("serve all equal submissions in flight by one run", async () => {
    const { client, reaching } = await newOwner();
    const input = { text: randomUUID(), ms: 500 };
    const jobs = await times(6, () => client.submit("test.cached", input));
    const ended = await Promise.all(jobs.map(({ jobId }) => reaching(jobId, "completed")));
    assert.deepEqual(ended.map(({ attempt }) => attempt).sort(), [0, 0, 0, 0, 0, 1]);
    const results = await Promise.all(jobs.map(({ jobId }) => client.result(jobId)));
    assert.equal(new Set(results.map(runOf)).size, 1);
  });

  it("belong to their owner alone", async () => {
    const [ann, ben] = await Promise.all([newOwner(), newOwner()]);
    const input = { text: randomUUID() };
    const own = await ann.client.submit("test.cached", input);
    await ann.reaching(own.jobId, "completed");
    const other = await ben.client.submit("test.cached", input);
    assert.notEqual(other.status, "completed");
  });
});

describe("DELETE /v1/data on the local cloud", () => {
  it("is accepted, again and again", async () => {
    const { call } = await newOwner();
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await call("DELETE", "/v1/data");
      assert.equal(status, 202);
      assert.ok(Math.abs(Date.parse(body.requestedAt) - Date.now()) < 60_000, body.requestedAt);
    }
  });
});

/** No two of these jobs ran at the same time. */
function assertApart(jobs: JobView[]): void {
  const runs = jobs.map(({ startedAt = "", finishedAt = "" }) => ({ startedAt, finishedAt }));
  runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  for (const [index, run] of runs.entries()) {
    const before = runs[index - 1];
    assert.ok(
      !before || run.startedAt >= before.finishedAt,
      `${JSON.stringify(before)} overlaps ${JSON.stringify(run)}`,
    );
  }
}

function runOf(result: JobResultView | undefined): unknown {
  const { output } = result ?? {};
  assert.ok(typeof output === "object" && output !== null && "run" in output);
  return output.run;
}
