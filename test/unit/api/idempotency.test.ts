import assert from "node:assert/strict";
import { anApi, NOW } from "./an-api.ts";

const GOOD = { type: "count.words", input: { text: "one", anything: { a: 1, b: [1, 2] } } };
const withKey = (key: string, as = "alice") => ({ as, headers: { "idempotency-key": key } });

describe("a submission with an idempotency key", () => {
  it("gives the same job to the same request, whatever the order of its names, and says so", async () => {
    const { submit, publishJob } = anApi();
    const first = await submit(GOOD, withKey("order 7"));
    assert.match(first.body.jobId, /^[A-Za-z0-9]{20}$/);
    assert.equal(first.headers.get("idempotent-replayed"), null);
    const again = await submit(
      { input: { anything: { b: [1, 2], a: 1 }, text: "one" }, type: "count.words" },
      withKey("order 7"),
    );
    assert.deepEqual([again.status, again.body], [202, first.body]);
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    assert.equal(again.headers.get("location"), `jobs/${first.body.jobId}`);
    assert.equal(publishJob.callCount, 1);
  });

  it("always has the same id for the same owner and key", async () => {
    const { body } = await anApi().submit(GOOD, withKey("order 7"));
    assert.equal(body.jobId, "AsLHsUf2HxmlUEw1O5Wk");
  });

  it("shows a repeated request the job as it is by then, and uses no quota for it", async () => {
    const { submit, jobs } = anApi();
    const { body } = await submit(GOOD, withKey("k"));
    await jobs.apply(body.jobId, { kind: "claim", leaseId: "l", leaseMs: 60_000 }, NOW);
    assert.equal((await submit(GOOD, withKey("k"))).body.status, "processing");
    assert.equal((await jobs.readUsage("alice"))?.minute.jobs, 1);
  });

  it("is replayed to an owner whose quota is used up", async () => {
    const { submit } = anApi();
    const small = { type: "count.words", input: { text: "" } };
    for (const key of ["1", "2"]) assert.equal((await submit(small, withKey(key, "tim"))).status, 202);
    assert.equal((await submit(small, withKey("3", "tim"))).status, 429);
    assert.equal((await submit(small, withKey("1", "tim"))).status, 202);
  });

  it("is another job for another owner", async () => {
    const { submit } = anApi();
    const alice = await submit(GOOD, withKey("k"));
    const bob = await submit(GOOD, withKey("k", "bob"));
    assert.equal(bob.status, 202);
    assert.notEqual(bob.body.jobId, alice.body.jobId);
  });

  const others: [part: string, request: object][] = [
    ["input", { ...GOOD, input: { text: "two" } }],
    ["input", { ...GOOD, input: { ...GOOD.input, anything: { a: 1, b: [2, 1] } } }],
    // As it was sent counts, not as the type reads it.
    ["input", { ...GOOD, input: { ...GOOD.input, limit: 5 } }],
    ["tags", { ...GOOD, tags: ["x"] }],
    ["metadata", { ...GOOD, metadata: { a: "1" } }],
    ["runAt", { ...GOOD, runAt: "2026-03-02T12:00:00Z" }],
    ["orderingKey", { ...GOOD, orderingKey: "k" }],
    ["webhookUrl", { ...GOOD, webhookUrl: "https://example.com/" }],
  ];
  for (const [part, request] of others) {
    it(`is refused with 409, naming ${part}, when that differs in ${JSON.stringify(request)}`, async () => {
      const { submit, jobs } = anApi();
      const { body: first } = await submit(GOOD, withKey("k"));
      const { status, body } = await submit(request, withKey("k"));
      assert.deepEqual([status, body.code], [409, "idempotency-conflict"]);
      assert.deepEqual(body.errors, [{ pointer: `/${part}`, message: "differs from the first request with this key" }]);
      assert.equal(
        body.detail,
        `This Idempotency-Key was used before, for job ${first.jobId}, with another ${part}. Repeat that request as it was, or take a new key.`,
      );
      assert.equal((await jobs.readUsage("alice"))?.minute.jobs, 1);
    });
  }

  it("is refused naming all that differs, and what only the first request had", async () => {
    const { submit } = anApi();
    await submit({ ...GOOD, tags: ["x"] }, withKey("k"));
    const { body } = await submit({ ...GOOD, input: { text: "two" } }, withKey("k"));
    assert.deepEqual(
      body.errors.map(({ pointer }: { pointer: string }) => pointer),
      ["/input", "/tags"],
    );
  });

  it("may have 255 printable characters", async () => {
    assert.equal((await anApi().submit(GOOD, withKey("~".repeat(255)))).status, 202);
  });

  for (const key of ["", "x".repeat(256), "é", "a\tb"]) {
    it(`is refused with 400 for the key ${JSON.stringify(key.slice(0, 5))} of ${key.length} characters`, async () => {
      const { submit, publishJob } = anApi();
      const { status, body } = await submit(GOOD, withKey(key));
      assert.deepEqual([status, body.code], [400, "invalid-request"]);
      assert.match(body.detail, /Idempotency-Key must be 1 to 255 printable characters/);
      assert.equal(publishJob.callCount, 0);
    });
  }
});
