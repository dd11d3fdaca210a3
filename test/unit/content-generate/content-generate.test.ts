import assert from "node:assert/strict";
import { testJob } from "../../../engine/src/testing/test-kit.ts";
import { asSpoken } from "../../../functions/src/content/split-passages.ts";
import type { LanguageModel } from "../../../functions/src/google/language-model.ts";
import { contentGenerate } from "../../../functions/src/jobs/content-generate/content-generate.ts";
import { ContentOutput } from "../../../functions/src/jobs/content-generate/schemas.ts";
import { jobs } from "../../../functions/src/jobs/index.ts";
import type { SpeechSynthesizer } from "../../../functions/src/media/speech/speech-synthesizer.ts";
import { PHOTOSYNTHESIS } from "../../support/learning-sources.ts";
import { ownTemporaryFolder } from "../../support/temporary-folder.ts";

const QUERY = "How do plants make food from sunlight?";
/** Programs and models are real, and slow on a busy machine. */
const REAL = { patienceMs: 60_000, settings: { GCLOUD_PROJECT: "demo-baton" } };

const openSite = () => Promise.reject(new Error("these jobs fetch no page"));

/** A voice that hums for as long as a narrator would read, and counts how often it is asked. */
function humming() {
  const asked: number[] = [];
  const voice: SpeechSynthesizer = {
    name: "humming",
    async speak(texts, { rate }) {
      asked.push(rate);
      return texts.map((text) => {
        const samples = new Int16Array(Math.round((text.length / 16.5 / rate) * 22_050));
        for (const index of samples.keys())
          samples[index] = 6000 * Math.sin(index / 9) * (0.6 + 0.4 * Math.sin(index / 2000));
        return { pcm: { samples, sampleRate: 22_050 }, words: [] };
      });
    },
  };
  return { voice, asked };
}

describe("job type content.generate", function () {
  this.timeout(240_000);
  const temporary = ownTemporaryFolder();

  it("is among the job types of the deployment, on the heavy queue", () => {
    const type = jobs.find((each) => each.type === "content.generate");
    assert.equal(type?.queue, "heavy");
    assert.deepEqual(type?.secrets, ["GEMINI_API_KEY", "TEXT_TO_SPEECH_API_KEY"]);
  });

  it("makes every format of 10 seconds without any outside service, and measures the video", async () => {
    const formats = ["script", "audio", "video", "subtitles", "thumbnail"] as const;
    const input = { query: QUERY, documents: PHOTOSYNTHESIS, seconds: 10, formats: [...formats] };
    const job = await testJob(contentGenerate(), input, REAL);
    await job.run();
    assert.deepEqual([job.status, job.error], ["completed", undefined]);
    const output = ContentOutput.parse(job.output);
    assert.deepEqual(Object.keys(output.files).sort(), [...formats].sort());
    assert.deepEqual(
      output.quality?.checks.filter(({ isPassed }) => !isPassed),
      [],
    );
    assert.equal(output.voice, "espeak-ng");
    for (const file of Object.values(output.files)) assert.equal(job.files.get(file.name)?.content.length, file.bytes);
    const beginning = (name: string) =>
      Buffer.from(job.files.get(name)?.content ?? [])
        .subarray(0, 12)
        .toString("latin1");
    assert.equal(beginning("video.mp4").slice(4, 8), "ftyp");
    assert.equal(beginning("thumbnail.png").slice(1, 4), "PNG");
    assert.equal(beginning("subtitles.vtt").slice(0, 6), "WEBVTT");
    const steps = new Set(job.reports.map(({ step }) => step));
    assert.deepEqual([...steps], ["nlu", "rag", "script", "tts", "video", "quality"]);
  });

  it("says only sentences that the sources have, and where they are", async () => {
    const input = { query: QUERY, documents: PHOTOSYNTHESIS, seconds: 60, formats: ["script" as const] };
    const job = await testJob(contentGenerate(), input, REAL);
    await job.run();
    const { script } = ContentOutput.parse(job.output);
    assert.equal(script.writer, "extractive");
    for (const { narration, citations } of script.scenes) {
      const quotes = citations.map(({ source, start, end }) =>
        asSpoken(PHOTOSYNTHESIS[source]?.text.slice(start, end) ?? ""),
      );
      assert.equal(narration, quotes.join(" "));
    }
    const said = script.scenes.map(({ narration }) => narration).join(" ");
    assert.match(said, /^Photosynthesis is the process/);
    assert.doesNotMatch(said, /instructions|assistant|pasta|https/i);
  });

  it("repeats no finished step when the worker dies, and speaks again only for a sound that was not stored", async () => {
    const { voice, asked } = humming();
    const input = {
      query: QUERY,
      documents: PHOTOSYNTHESIS,
      seconds: 12,
      formats: ["audio" as const, "subtitles" as const],
    };
    const job = await testJob(
      contentGenerate(async () => ({ voice, openSite })),
      input,
      REAL,
    );
    job.killIn("file:audio.m4a");
    await job.run();
    assert.deepEqual([job.status, job.attempts], ["completed", 2]);
    const runs = ["nlu", "rag", "script", "tts", "file:subtitles.vtt", "file:audio.m4a", "quality"].map(
      (step) => job.step(step).runs,
    );
    assert.deepEqual(runs, [1, 1, 1, 1, 1, 2, 1]);
    assert.deepEqual(asked, [1, 1]);
    assert.equal(ContentOutput.parse(job.output).quality?.isPassed, true);
  });

  it("speaks faster when the voice at its own speed would take too long", async () => {
    const { voice, asked } = humming();
    const slow: SpeechSynthesizer = {
      ...voice,
      speak: (texts, options) => voice.speak(texts, { ...options, rate: options.rate * 0.88 }),
    };
    const input = { query: QUERY, documents: PHOTOSYNTHESIS, seconds: 30, formats: ["subtitles" as const] };
    const job = await testJob(
      contentGenerate(async () => ({ voice: slow, openSite })),
      input,
      REAL,
    );
    await job.run();
    const { durationMs = 0 } = ContentOutput.parse(job.output);
    assert.equal(asked.length, 2);
    assert(Math.abs(durationMs - 30_000) < 1500, `${durationMs} ms`);
  });

  it("leaves neither a file nor a folder when it is cancelled while the video is made", async () => {
    const { voice } = humming();
    const input = { query: QUERY, documents: PHOTOSYNTHESIS, seconds: 30, formats: ["video" as const] };
    const job = await testJob(
      contentGenerate(async () => ({ voice, openSite })),
      input,
      REAL,
    );
    job.cancelIn("file:video.mp4");
    await job.run();
    assert.equal(job.status, "cancelled");
    assert.equal(job.files.has("video.mp4"), false);
    assert.deepEqual(await temporary.files(), []);
  });

  it("lets a language model write the script, and cites the passages that it names", async () => {
    const asked: { instructions: string; content: string }[] = [];
    const writer: LanguageModel = {
      name: "a-model",
      async ask({ answer, objection, ...request }) {
        asked.push(request);
        const sentence =
          "Leaves catch the light of the sun, and with it they turn water and air into sugar for the whole plant.";
        const scenes = [1, 2, 3].map((scene) => ({ narration: sentence, caption: `Scene ${scene}`, passages: ["p1"] }));
        const read = answer.parse({ title: "Food from light", scenes });
        assert.equal(objection?.(read), undefined);
        return { answer: read, tokens: { input: 900, output: 120 } };
      },
    };
    const input = {
      query: QUERY,
      documents: PHOTOSYNTHESIS,
      seconds: 20,
      formats: ["script" as const],
      audience: "children",
    };
    const job = await testJob(
      contentGenerate(async () => ({ voice: humming().voice, writer, openSite })),
      input,
      REAL,
    );
    await job.run();
    const { script } = ContentOutput.parse(job.output);
    assert.deepEqual([script.writer, script.tokens], ["a-model", { input: 900, output: 120 }]);
    assert.match(script.scenes[0]?.citations[0]?.quote ?? "", /^Plants make their own food/);
    assert.match(asked[0]?.instructions ?? "", /level of the audience is beginner/);
    assert.doesNotMatch(asked[0]?.content ?? "", /previous instructions/);
  });
});
