import assert from "node:assert/strict";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { jobs } from "../../../functions/src/jobs/index.ts";
import { pipelineRun } from "../../../functions/src/jobs/pipeline-run/pipeline-run.ts";
import { PipelineOutput } from "../../../functions/src/jobs/pipeline-run/schemas.ts";
import type { SpeechSynthesizer } from "../../../functions/src/media/speech/speech-synthesizer.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";
import { waitFor } from "../../support/wait-for.ts";
import { aPipeline, CONTENT, humming, SMALL, stage, stagesWith } from "./a-pipeline.ts";

const TIMED = { estimateSeconds: 1, limitSeconds: 60 };

describe("job type pipeline.run", function () {
  this.timeout(240_000);
  const temporary = ownTemporaryFolder();

  it("is among the job types of the deployment, on the heavy queue, with its presets as a catalog", () => {
    const type = jobs.find((each) => each.type === "pipeline.run");
    assert.equal(type?.queue, "heavy");
    const { presets = [] } = type?.catalogs ?? {};
    assert.deepEqual(
      presets.map(({ name }) => name),
      ["quick-social", "brand-campaign", "premium"],
    );
    assert.equal(presets[0]?.estimateSeconds, 14);
  });

  it("makes a short video with eSpeak NG, measures it, and says where the time went", async () => {
    const input = { content: "Fresh coffee from Oslo. Order it today.", preset: "small", metadata: { campaign: "x7" } };
    const job = await testJob(pipelineRun([SMALL]), input, { patienceMs: 60_000 });
    await job.run();
    assert.deepEqual([job.status, job.error], ["completed", undefined]);
    const output = PipelineOutput.parse(job.output);
    assert.deepEqual(
      output.quality.checks.filter(({ isPassed }) => !isPassed),
      [],
    );
    assert.deepEqual([output.voice, output.metadata], ["espeak-ng", { language: "en", campaign: "x7" }]);
    assert.deepEqual(output.frame, { width: 270, height: 480 });
    assert.deepEqual([...job.files.keys()].sort(), ["audio.m4a", "manifest.json", "video.mp4"]);
    assert.deepEqual(
      output.stages.map(({ state, stage: name }) => `${state}: ${name}`),
      [
        "analysing: analysis",
        "creating: script",
        "generating: narration",
        "generating: sound",
        "generating: video",
        "reviewing: review",
        "delivering: delivery",
      ],
    );
    const spentMs = output.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
    assert.ok(spentMs > 100, `${spentMs} ms`);
    assert.deepEqual(await temporary.files(), []);
  });

  it("shows each state while it runs, and never less progress than before", async () => {
    const job = await aPipeline(SMALL);
    await job.run();
    const states = new Set(job.reports.map(({ step = "" }) => step.split(":")[0]));
    assert.deepEqual([...states], ["analysing", "creating", "generating", "reviewing", "delivering"]);
    const told = job.reports.map(({ progress }) => progress);
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
  });

  it("makes music, storyboard, subtitles and thumbnail where the preset has them", async () => {
    const extra = stagesWith(
      { stage: "storyboard", columns: 2, ...TIMED },
      { stage: "music", mood: "calm", ...TIMED },
      stage("subtitles"),
      stage("thumbnail"),
    );
    const rich = { ...SMALL, seconds: { least: 4, most: 4 }, stages: extra };
    const job = await aPipeline(rich, {
      content: "Fresh coffee.",
      metadata: { language: "en", author: "Oslo Roasters" },
    });
    await job.run();
    assert.deepEqual([job.status, job.error], ["completed", undefined]);
    const { files, music, durationMs } = PipelineOutput.parse(job.output);
    assert.deepEqual(Object.keys(files).sort(), ["audio", "manifest", "storyboard", "subtitles", "thumbnail", "video"]);
    assert.equal(music?.mood, "calm");
    // The words take one second; music fills the rest.
    assert.equal(durationMs, 4000);
    for (const name of ["storyboard.png", "thumbnail.png"]) {
      const content = Buffer.from(job.files.get(name)?.content ?? []);
      assert.equal(content.subarray(1, 4).toString("latin1"), "PNG");
    }
    const manifest = JSON.parse(Buffer.from(job.files.get("manifest.json")?.content ?? []).toString());
    assert.equal(manifest.files.video.sha256, files.video?.sha256);
  });

  it("fails for good when the video is out of bounds, with the measurement", async () => {
    const { voice } = humming(2.5);
    const job = await aPipeline(
      SMALL,
      { content: "Our coffee comes from small farms in the hills of Ethiopia." },
      voice,
    );
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, "quality-out-of-bounds"]);
    assert.match(job.error?.message ?? "", /duration: [6-9]\.\d s \(wanted: 5\.0 s, 10 % more or less\)/);
  });

  it("repeats no finished stage when the worker dies, and counts the time from a stage's first beginning", async () => {
    const { voice, asked } = humming();
    const job = await aPipeline(SMALL, {}, voice);
    job.killIn("file:video.mp4");
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["completed", 2]);
    const steps = ["analysis", "script", "tts", "file:audio.m4a", "file:video.mp4", "quality", "file:manifest.json"];
    assert.deepEqual(
      steps.map((name) => job.step(name).runs),
      [1, 1, 1, 1, 2, 1, 1],
    );
    assert.deepEqual(asked, [1]);
    const { stages } = PipelineOutput.parse(job.output);
    // The clock of the test advances by a second with each beginning, and the video began once.
    assert.deepEqual(
      stages.map(({ durationMs }) => durationMs),
      [1000, 1000, 1000, 1000, 1000, 1000, 1000],
    );
  });

  it("leaves neither a video nor a folder when it is cancelled while the video is made", async () => {
    const job = await aPipeline(SMALL);
    job.cancelIn("file:video.mp4");
    await job.run();
    assert.deepEqual([job.status, job.files.has("video.mp4")], ["cancelled", false]);
    await waitFor("an empty temporary folder", async () => (await temporary.files()).length === 0);
  });

  it("ends a stage that takes longer than its limit, and says so", async () => {
    const stages = SMALL.stages.map((each) =>
      each.stage === "video" ? { ...each, limitSeconds: 0.05, estimateSeconds: 0.05 } : each,
    );
    const job = await aPipeline({ ...SMALL, stages });
    await job.run();
    assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 4, "stage-too-slow"]);
    assert.equal(job.error?.message, "The stage video took more than 0.05 s.");
    await waitFor("an empty temporary folder", async () => (await temporary.files()).length === 0);
  });

  it("ends a voice that does not answer within the limit of its stage", async () => {
    const silent: SpeechSynthesizer = {
      name: "silent",
      speak: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    };
    const stages = SMALL.stages.map((each) =>
      each.stage === "narration" ? { ...each, limitSeconds: 0.05, estimateSeconds: 0.05 } : each,
    );
    const job = await aPipeline({ ...SMALL, stages }, {}, silent);
    await job.run();
    assert.deepEqual([job.status, job.error?.code], ["failed", "stage-too-slow"]);
  });

  it("chooses the most telling sentences when the time has no room for all", async () => {
    const job = await aPipeline(SMALL, { content: `${CONTENT} It is good.` });
    await job.run();
    const { script } = PipelineOutput.parse(job.output);
    assert.equal(script.omittedSentences, 2);
    assert.deepEqual(
      script.scenes.map(({ narration }) => narration),
      ["Our coffee comes from small farms in the hills of Ethiopia."],
    );
  });
});
