import assert from "node:assert/strict";
import { createServer } from "node:http";
import { PermanentError, RetryAfterError, RetryableError } from "../../../engine/src/job-types/define-job.ts";
import {
  fetchComments,
  fetchVideo,
  type YouTubeConfig,
} from "../../../functions/src/jobs/video-analysis/youtube-client.ts";
import { youtubeError } from "../../../functions/src/jobs/video-analysis/youtube-errors.ts";
import { startYouTubeServer, type YouTubeServer } from "../../support/youtube-server.ts";

const ID = "dQw4w9WgXcQ";
const KEY = "secret-key-of-this-test";
const calm = new AbortController().signal;

describe("the YouTube client", () => {
  let server: YouTubeServer;
  let config: YouTubeConfig;
  before(async () => {
    server = await startYouTubeServer();
    config = { baseUrl: server.baseUrl, apiKey: KEY };
  });
  after(() => server.stop());
  beforeEach(() => {
    server.requests.length = 0;
  });

  it("reads the facts of a video", async () => {
    server.video(ID, { title: "A song", comments: [{ text: "one" }, { text: "two" }] });
    assert.deepEqual(await fetchVideo(config, ID, calm), {
      title: "A song",
      channel: "A channel",
      publishedAt: "2012-07-15T07:46:32Z",
      commentCount: 2,
    });
  });

  it("sends the key in a header, and nowhere in the address", async () => {
    server.video(ID, { comments: [] });
    await fetchComments(config, ID, 10, calm);
    const [request] = server.requests;
    assert.equal(request?.key, KEY);
    assert(!JSON.stringify(request?.query).includes(KEY));
  });

  it("reads page after page until there are no more", async () => {
    server.video(ID, { comments: Array.from({ length: 250 }, (_, at) => ({ text: `comment ${at}`, likes: at })) });
    const comments = await fetchComments(config, ID, 1000, calm);
    assert.equal(comments.length, 250);
    assert.deepEqual(comments[249], { text: "comment 249", likes: 249, publishedAt: "2024-01-02T03:04:05Z" });
    assert.deepEqual(
      server.requests.map(({ query }) => [query.maxResults, query.pageToken]),
      [
        ["100", undefined],
        ["100", "page-100"],
        ["100", "page-200"],
      ],
    );
  });

  it("cuts a comment of more than 10,000 characters at the end of one", async () => {
    server.video(ID, { comments: [{ text: `${"x".repeat(9999)}😀` }] });
    const [comment] = await fetchComments(config, ID, 1, calm);
    assert.equal(comment?.text, "x".repeat(9999));
  });

  it("cuts a reason that it does not know at the end of a character", () => {
    const refusal = youtubeError(400, { error: { errors: [{ reason: `${"x".repeat(59)}😀` }] } });
    assert.equal(refusal.message, `YouTube refused the request (status 400, ${"x".repeat(59)}).`);
  });

  it("knows no meaning of a reason that is the name of what every object has", () => {
    const refusal = youtubeError(400, { error: { errors: [{ reason: "constructor" }] } });
    assert.deepEqual(
      [refusal.code, refusal.message],
      ["youtube-refused", "YouTube refused the request (status 400, constructor)."],
    );
  });

  it("asks for no more than it may keep", async () => {
    server.video(ID, { comments: Array.from({ length: 250 }, (_, at) => ({ text: `comment ${at}` })) });
    assert.equal((await fetchComments(config, ID, 130, calm)).length, 130);
    assert.deepEqual(
      server.requests.map(({ query }) => query.maxResults),
      ["100", "30"],
    );
    assert.deepEqual(
      server.requests.map(({ query }) => query.textFormat),
      ["plainText", "plainText"],
    );
  });

  const permanent: [status: number, reason: string, code: string][] = [
    [403, "commentsDisabled", "comments-disabled"],
    [404, "videoNotFound", "video-not-found"],
    [400, "keyInvalid", "youtube-key-invalid"],
    [400, "API_KEY_INVALID", "youtube-key-invalid"],
    [403, "accessNotConfigured", "youtube-key-invalid"],
    [400, "invalidPageToken", "youtube-refused"],
    [403, "forbidden", "youtube-refused"],
  ];
  for (const [status, reason, code] of permanent) {
    it(`gives up on ${status} ${reason}: ${code}`, async () => {
      server.video(ID, { fail: { status, reason } });
      await assert.rejects(fetchComments(config, ID, 10, calm), (error) => {
        assert(error instanceof PermanentError);
        assert.equal(error.code, code);
        return !error.message.includes(KEY);
      });
    });
  }

  const retryable: [status: number, reason: string, code: string][] = [
    [403, "rateLimitExceeded", "youtube-rate-limited"],
    [403, "userRateLimitExceeded", "youtube-rate-limited"],
    [429, "RATE_LIMIT_EXCEEDED", "youtube-rate-limited"],
    [500, "backendError", "youtube-unavailable"],
    [503, "backendError", "youtube-unavailable"],
    [400, "processingFailure", "youtube-unavailable"],
  ];
  for (const [status, reason, code] of retryable) {
    it(`asks for another attempt after ${status} ${reason}: ${code}`, async () => {
      server.video(ID, { fail: { status, reason } });
      await assert.rejects(fetchVideo(config, ID, calm), (error) => {
        assert(error instanceof RetryableError);
        assert.equal(error.code, code);
        return !error.message.includes(KEY);
      });
    });
  }

  it("reads no more pages than it is told to, and 60 when it is told nothing", async () => {
    const comments = Array.from({ length: 6500 }, (_, at) => ({ text: `comment ${at}` }));
    server.video(ID, { comments });
    assert.equal((await fetchComments({ ...config, maxPages: 2 }, ID, 1000, calm)).length, 200);
    assert.equal(server.requests.length, 2);
    server.requests.length = 0;
    assert.equal((await fetchComments(config, ID, 10_000, calm)).length, 6000);
    assert.equal(server.requests.length, 60);
  });

  for (const reason of ["quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"]) {
    it(`asks for another attempt at the next midnight in California after ${reason}`, () => {
      const refusal = { error: { errors: [{ reason }] } };
      const retryAts = ["2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z", "2026-11-27T12:00:00Z", "2026-11-01T07:30:00Z"];
      const asked = retryAts.map((now) => {
        const error = youtubeError(403, refusal, new Date(now), () => 0);
        assert(error instanceof RetryAfterError && error.code === "youtube-quota-exceeded" && "at" in error.retryAfter);
        return error.retryAfter.at.toISOString();
      });
      assert.deepEqual(asked, [
        "2026-07-01T07:00:00.000Z",
        "2026-07-02T07:00:00.000Z",
        "2026-11-28T08:00:00.000Z",
        "2026-11-02T08:00:00.000Z",
      ]);
    });
  }

  it("spreads the attempts after a used-up quota over ten minutes, and says when the quota is renewed", () => {
    const refusal = { error: { errors: [{ reason: "quotaExceeded" }] } };
    const asked = [0, 0.25, 0.5, 0.999].map((chance) => {
      const error = youtubeError(403, refusal, new Date("2026-11-27T12:00:00Z"), () => chance);
      assert(error instanceof RetryAfterError && "at" in error.retryAfter);
      const said = "The YouTube API quota of this deployment is used up for today. ";
      const when = "The job is tried again within 10 minutes after 2026-11-28T08:00:00.000Z.";
      assert.equal(error.message, said + when);
      return error.retryAfter.at.toISOString();
    });
    assert.deepEqual(asked, [
      "2026-11-28T08:00:00.000Z",
      "2026-11-28T08:02:30.000Z",
      "2026-11-28T08:05:00.000Z",
      "2026-11-28T08:09:59.400Z",
    ]);
  });

  it("succeeds once the refusals are over", async () => {
    server.video(ID, { title: "Back", fail: { status: 503, reason: "backendError", times: 2 } });
    await assert.rejects(fetchVideo(config, ID, calm), RetryableError);
    await assert.rejects(fetchVideo(config, ID, calm), RetryableError);
    assert.equal((await fetchVideo(config, ID, calm)).title, "Back");
  });

  it("says that there is no such video when the list is empty", async () => {
    await assert.rejects(fetchVideo(config, "unknown-vid", calm), (error) => {
      return error instanceof PermanentError && error.code === "video-not-found";
    });
  });

  it("asks for another attempt when no server answers", async () => {
    const dead = { baseUrl: "http://127.0.0.1:1/youtube/v3", apiKey: KEY };
    await assert.rejects(fetchVideo(dead, ID, calm), (error) => {
      return error instanceof RetryableError && error.code === "youtube-unavailable";
    });
  });

  it("ends a request that hangs when the job is cancelled, with the reason of the cancel", async () => {
    server.video(ID, { delayMs: "forever" });
    const cancel = new AbortController();
    const hanging = fetchVideo(config, ID, cancel.signal);
    cancel.abort(new Error("cancelled by the owner"));
    await assert.rejects(hanging, /cancelled by the owner/);
  });

  const wrongAnswers = ["<html>sign in</html>", '{"items": [{"snippet": 5}]}', "null", ""];
  for (const body of wrongAnswers) {
    it(`asks for another attempt when the answer is ${JSON.stringify(body)}`, async () => {
      const other = createServer((_request, response) => response.end(body));
      await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
      const address = other.address();
      assert(address !== null && typeof address === "object");
      const wrong = { baseUrl: `http://127.0.0.1:${address.port}`, apiKey: KEY };
      await assert.rejects(fetchComments(wrong, ID, 10, calm), (error) => {
        return error instanceof RetryableError && error.code === "youtube-unavailable";
      });
      other.closeAllConnections();
      await new Promise((closed) => other.close(closed));
    });
  }

  it("does not read the same page for ever", async () => {
    const page = { nextPageToken: "again", items: [] };
    const loop = createServer((_request, response) => response.end(JSON.stringify(page)));
    await new Promise<void>((listening) => loop.listen(0, "127.0.0.1", listening));
    const address = loop.address();
    assert(address !== null && typeof address === "object");
    const looping = { baseUrl: `http://127.0.0.1:${address.port}`, apiKey: "" };
    assert.deepEqual(await fetchComments(looping, ID, 10, calm), []);
    loop.closeAllConnections();
    await new Promise((closed) => loop.close(closed));
  });
});
