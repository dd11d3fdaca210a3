import assert from "node:assert/strict";
import { spoiled, webhook } from "./kept.ts";

describe("the check of a chaos run, of webhooks,", () => {
  const broken = { "one webhook-id per job and event, with the job's outcome": ["short"] };
  const arrived = (...webhooks: ReturnType<typeof webhook>[]) =>
    spoiled((evidence) => evidence.webhooks.set("short", webhooks));

  it("finds one that never came", () => {
    assert.deepEqual(arrived(), broken);
    assert.deepEqual(
      spoiled(({ webhooks }) => webhooks.delete("short")),
      broken,
    );
  });

  it("finds two ids of one event", () => {
    const [one, other] = [webhook("short", "job.completed"), webhook("short", "job.completed", "other")];
    assert.deepEqual(arrived(one, other), broken);
  });

  it("finds one that names another outcome", () => {
    assert.deepEqual(arrived(webhook("short", "job.failed")), broken);
  });

  it("finds one that names another job", () => {
    assert.deepEqual(arrived(webhook("stepped", "job.completed")), broken);
  });

  it("finds an id that is another job's", () => {
    const taken = arrived(webhook("short", "job.completed", "id-of-permanent"));
    assert.deepEqual(taken, { "one webhook-id per job and event, with the job's outcome": ["permanent"] });
  });

  it("finds one that was not asked for", () => {
    const unasked = spoiled(({ webhooks }) => webhooks.set("stepped", [webhook("stepped", "job.completed")]));
    assert.deepEqual(unasked, { "one webhook-id per job and event, with the job's outcome": ["stepped"] });
  });
});
