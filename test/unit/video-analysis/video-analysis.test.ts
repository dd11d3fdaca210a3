import assert from "node:assert/strict";
import sinon from "sinon";
import { PermanentError } from "../../../engine/src/job-types/define-job.ts";
import { inProcessCompute } from "../../../engine/src/jobs/run/compute/in-process.ts";
import { jobs } from "../../../functions/src/jobs/index.ts";
import { type VideoAnalysisInput, VideoAnalysisOutput } from "../../../functions/src/jobs/video-analysis/schemas.ts";
import { VideoSettings } from "../../../functions/src/jobs/video-analysis/settings.ts";
import { videoAnalysis } from "../../../functions/src/jobs/video-analysis/video-analysis.ts";
import sample from "../../../web/src/job-views/video-analysis/sample-comments.json" with { type: "json" };
import { startYouTubeServer, type YouTubeServer } from "../../support/youtube-server.ts";

const ID = "dQw4w9WgXcQ";
const ALL = {
  maxComments: 1000,
  includeSentiment: true,
  includeClassification: true,
  includeInsights: true,
  includeSummary: true,
};

describe("job type video.analysis", () => {
  let server: YouTubeServer;
  before(async () => {
    server = await startYouTubeServer();
  });
  after(() => server.stop());

  async function run(input: VideoAnalysisInput, signal = new AbortController().signal) {
    const progress = sinon.fake();
    const unused = sinon.fake.rejects(new Error("not used by this type"));
    const type = videoAnalysis(() => ({ baseUrl: server.baseUrl, apiKey: "key" }));
    const compute = inProcessCompute(new Map([[type.type, type]]));
    const call = { jobId: "a-job", owner: "ada", type: type.type, signal };
    const context: Parameters<typeof type.run>[0] = {
      ...{ jobId: "a-job", owner: "ada", attempt: 1, signal, progress, settings: VideoSettings.parse({}) },
      ...{ step: unused, commit: unused, sleep: unused, files: { write: unused, read: unused } },
      compute: (name, value) =>
        compute.run({ ...call, name, input: value, limits: type.computeLimits, progress }) as Promise<never>,
    };
    const output = VideoAnalysisOutput.parse(await type.run(context, input));
    return { output, progress: progress.args };
  }

  it("is among the job types of the deployment", () => {
    const type = jobs.find((each) => each.type === "video.analysis");
    assert.deepEqual(type?.secrets, ["YOUTUBE_API_KEY"]);
    assert.equal(type?.queue, "default");
    assert.deepEqual(type?.retry, {
      ...{ maxAttempts: 5, minDelayMs: 1000, maxDelayMs: 60_000 },
      ...{ factor: 2, jitter: 0.2 },
    });
  });

  it("analyses comments that are given, and fetches nothing", async () => {
    server.requests.length = 0;
    const { output, progress } = await run({ ...ALL, comments: sample });
    assert.equal(server.requests.length, 0);
    assert.equal(output.comments.length, 65);
    assert.equal(output.video, undefined);
    assert.equal(output.classes?.spam, 14);
    assert((output.sentiment?.positive ?? 0) > 25);
    assert(output.insights?.themes.some(({ label }) => label === "Katy Perry"));
    assert.match(output.summary ?? "", /^65 comments, 14 of them spam\./);
    assert.deepEqual(progress, [
      [0.4, "sentiment"],
      [0.6, "classification"],
      [0.8, "insights"],
      [0.95, "summary"],
    ]);
  });

  it("fetches the comments of a video, and says which video", async () => {
    server.video(ID, { title: "A song", comments: [{ text: "I&#39;m in love with it", likes: 2 }, { text: "Why?" }] });
    const { output, progress } = await run({ ...ALL, videoUrlOrId: `https://youtu.be/${ID}?t=3` });
    assert.deepEqual(output.video, {
      id: ID,
      url: `https://www.youtube.com/watch?v=${ID}`,
      title: "A song",
      channel: "A channel",
      publishedAt: "2012-07-15T07:46:32Z",
      commentCount: 2,
    });
    assert.deepEqual(
      output.comments.map((comment) => [comment.index, comment.text, comment.sentiment, comment.class]),
      [
        [0, "I'm in love with it", "positive", "praise"],
        [1, "Why?", "neutral", "question"],
      ],
    );
    assert.deepEqual(progress[0], [0.2, "fetching"]);
  });

  it("tells no texts to a caller who gave them", async () => {
    const { output } = await run({ ...ALL, videoUrlOrId: ID, comments: [{ text: "Great!" }] });
    assert.deepEqual(Object.keys(output.comments[0] ?? {}), ["index", "sentiment", "score", "class"]);
  });

  it("stays far below the 921,600 bytes that can be stored, however long 5,000 fetched comments are", async () => {
    const openings = ["What a wonderful suggestion, please make another ", '"\\"\\ ', "😀漢字 ", "\u0001\u0001 "];
    const comments = Array.from({ length: 5000 }, (_, i) => ({
      text: `${i} ${(openings[i % 4] ?? "").repeat(20).slice(0, 100)}`,
    }));
    server.video(ID, { comments });
    const { output } = await run({ ...ALL, includeInsights: false, maxComments: 5000, videoUrlOrId: ID });
    assert.equal(output.comments.length, 5000);
    assert.ok(output.comments.every(({ index, text = "" }) => text.startsWith(`${index} `) && text.endsWith("…")));
    assert.ok(Buffer.byteLength(JSON.stringify(output)) < 700_000);
  });

  it("names the video when comments are given with it", async () => {
    const { output } = await run({ ...ALL, videoUrlOrId: ID, comments: [] });
    assert.deepEqual(output.video, { id: ID, url: `https://www.youtube.com/watch?v=${ID}` });
  });

  it("takes the first maxComments", async () => {
    const { output } = await run({ ...ALL, maxComments: 3, comments: sample });
    assert.deepEqual(
      output.comments.map(({ index }) => index),
      [0, 1, 2],
    );
  });

  it("gives a whole output for no comments", async () => {
    const { output } = await run({ ...ALL, comments: [] });
    assert.deepEqual(output, {
      comments: [],
      sentiment: { positive: 0, neutral: 0, negative: 0, averageScore: 0 },
      classes: { question: 0, praise: 0, criticism: 0, suggestion: 0, spam: 0, other: 0 },
      insights: { themes: [], topQuestions: [] },
      summary: "There are no comments to analyse.",
    });
  });

  it("leaves out what is switched off, and its step", async () => {
    const off = { includeSentiment: false, includeClassification: false, includeInsights: true, includeSummary: false };
    const { output, progress } = await run({ ...ALL, ...off, comments: sample });
    assert.deepEqual(Object.keys(output).sort(), ["comments", "insights"]);
    assert.deepEqual(output.comments[0], { index: 0 });
    assert(output.insights?.themes.every((theme) => !("sentiment" in theme)));
    assert.deepEqual(progress, [[0.8, "insights"]]);
  });

  it("keeps spam out of insights and summary, also when classes are switched off", async () => {
    const comments = [
      ...Array.from({ length: 5 }, () => ({ text: "Please subscribe to my cooking channel, want to know how?" })),
      { text: "What a lovely song this is" },
    ];
    const { output } = await run({ ...ALL, includeClassification: false, comments });
    assert.deepEqual(output.insights, { themes: [], topQuestions: [] });
    assert(!output.summary?.includes("cooking"));
  });

  it("gives the same output for the same input", async () => {
    assert.deepEqual(
      (await run({ ...ALL, comments: sample })).output,
      (await run({ ...ALL, comments: sample })).output,
    );
  });

  it("fails for good when the video cannot be understood", async () => {
    await assert.rejects(run({ ...ALL, videoUrlOrId: "https://example.com/x" }), (error) => {
      return error instanceof PermanentError && error.code === "invalid-video";
    });
  });

  it("stops with the reason when the job is cancelled", async () => {
    await assert.rejects(run({ ...ALL, comments: sample }, AbortSignal.abort(new Error("cancelled"))), /cancelled/);
  });

  it("reads texts of any kind and length in little time", async () => {
    const hostile = [
      "",
      " \n\t ",
      "a".repeat(10_000),
      "a'".repeat(5000),
      "http://".repeat(1428),
      "!?".repeat(5000),
      ":)".repeat(5000),
      "😀".repeat(5000),
      "<a href=".repeat(1250),
      "&amp;".repeat(2000),
      "漢".repeat(10_000),
      "नमस्ते ".repeat(1400),
      "what is this? ".repeat(700),
      "subscribe to my channel ".repeat(416),
      "\uD83D".repeat(10_000),
      "مرحبا كيف حالك؟",
      "constructor __proto__ toString",
    ];
    const before = process.cpuUsage();
    const { output } = await run({ ...ALL, comments: hostile.map((text) => ({ text })) });
    const { user, system } = process.cpuUsage(before);
    assert.equal(output.comments.length, 17);
    // About 0.4 s; left unbounded, the fifth alone takes the tokenizer 20 s.
    assert((user + system) / 1000 < 3000);
  });
});
