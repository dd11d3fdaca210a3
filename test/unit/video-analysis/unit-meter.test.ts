import assert from "node:assert/strict";
import { RetryAfterError } from "../../../engine/src/job-types/define-job.ts";
import { fetchMaterial } from "../../../functions/src/jobs/video-analysis/fetch-material.ts";
import { quotaDay } from "../../../functions/src/jobs/video-analysis/quota-day.ts";
import { memoryUnitBudget } from "../../support/memory-unit-budget.ts";
import { startYouTubeServer, type YouTubeServer } from "../../support/youtube-server.ts";

const ID = "dQw4w9WgXcQ";
const { signal } = new AbortController();

describe("the units of the YouTube quota", () => {
  let server: YouTubeServer;
  before(async () => {
    server = await startYouTubeServer();
    server.video(ID, { comments: Array.from({ length: 150 }, (_, at) => ({ text: `comment ${at}` })) });
  });
  after(() => server.stop());
  beforeEach(() => {
    server.requests.length = 0;
  });

  /** `fetch(owner, maxComments)` on budgets of so many units, at noon on Thanksgiving. */
  function world(perDay: number, perOwnerPerDay: number) {
    const clock = { now: new Date("2026-11-26T20:00:00Z") };
    const budget = memoryUnitBudget({ perDay, perOwnerPerDay });
    const share = { budget, now: () => clock.now, random: () => 0.5 };
    const youtube = { baseUrl: server.baseUrl, apiKey: "", share };
    const fetch = (owner: string, maxComments: number) => fetchMaterial(youtube, ID, maxComments, { owner, signal });
    return { fetch, clock };
  }

  function waits(message: string) {
    return (error: unknown) => {
      assert(error instanceof RetryAfterError);
      const when = "The job is tried again within 10 minutes after 2026-11-27T08:00:00.000Z.";
      assert.deepEqual([error.code, error.message], ["youtube-budget-used-up", `${message} ${when}`]);
      assert.deepEqual(error.retryAfter, { at: new Date("2026-11-27T08:05:00Z") });
      return true;
    };
  }

  it("of an owner end without those of others, and begin again at midnight in California", async () => {
    const { fetch, clock } = world(100, 5);
    assert.equal((await fetch("ada", 200)).comments.length, 150);
    await assert.rejects(fetch("ada", 200), waits("Your budget of YouTube requests is used up for today."));
    assert.equal(server.requests.length, 3, "a refused job makes no request");
    assert.equal((await fetch("ben", 200)).comments.length, 150);
    clock.now = new Date("2026-11-27T07:59:59.999Z");
    await assert.rejects(fetch("ada", 200), RetryAfterError);
    clock.now = new Date("2026-11-27T08:00:00Z");
    assert.equal((await fetch("ada", 200)).comments.length, 150);
  });

  it("of a deployment end for all", async () => {
    const { fetch } = world(3, 3);
    await fetch("ada", 200);
    const said = "This deployment's budget of YouTube requests is used up for today.";
    await assert.rejects(fetch("ben", 1), waits(said));
  });

  it("that a job did not spend are given back, also when it fails", async () => {
    const { fetch } = world(100, 56);
    await fetch("ada", 5000);
    server.video(ID, { fail: { status: 503, reason: "backendError" } });
    await assert.rejects(fetch("ada", 5000), { code: "youtube-unavailable" });
    server.video(ID, { comments: [{ text: "one" }] });
    assert.equal((await fetch("ada", 5000)).comments.length, 1, "3 and 1 of 56 are spent, and 51 are needed");
    await assert.rejects(fetch("ada", 5000), waits("Your budget of YouTube requests is used up for today."));
    assert.equal((await fetch("ada", 4900)).comments.length, 1);
  });

  it("belong to a day of Pacific time, in summer and winter", () => {
    const days = ["2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z", "2026-12-01T07:59:59Z", "2026-12-01T08:00:00Z"];
    assert.deepEqual(
      days.map((day) => quotaDay(new Date(day))),
      ["2026-06-30", "2026-07-01", "2026-11-30", "2026-12-01"],
    );
  });
});
