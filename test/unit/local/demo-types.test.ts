import assert from "node:assert/strict";
import type { GuardedGet } from "@baton/engine/egress";
import { testJob } from "@baton/engine/testing";
import { contentGenerate } from "../../../functions/src/jobs/content-generate/content-generate.ts";
import { ContentOutput } from "../../../functions/src/jobs/content-generate/schemas.ts";
import { PRESETS } from "../../../functions/src/jobs/pipeline-run/presets/index.ts";
import { type PipelineOutput, pipelineInput } from "../../../functions/src/jobs/pipeline-run/schemas.ts";
import { companyScrapeDemo } from "../../../local/demo/company-scrape.ts";
import { contentGenerateDemo, tidesInput } from "../../../local/demo/content-generate.ts";
import { parseDemoOptions } from "../../../local/demo/options.ts";
import type { Paint } from "../../../local/demo/paint.ts";
import { COFFEE, pipelineRunDemo } from "../../../local/demo/pipeline-run.ts";
import { renderContent } from "../../../local/demo/render-content.ts";
import { renderPipeline } from "../../../local/demo/render-pipeline.ts";
import { renderProfile } from "../../../local/demo/render-profile.ts";
import { serveSite } from "../../../local/demo/serve-site.ts";
import { videoAnalysisDemo } from "../../../local/demo/video-analysis.ts";
import { scrape, scrapePorts } from "../../support/sites/scrape-made-site.ts";

const plain: Paint = (_style, text) => text;

describe("the options of the demo", () => {
  it("name the job type, content.generate unless given", () => {
    assert.deepEqual(parseDemoOptions([]), { outcome: "run", demo: contentGenerateDemo });
    assert.deepEqual(parseDemoOptions(["--type", "video.analysis"]), { outcome: "run", demo: videoAnalysisDemo });
    assert.deepEqual(parseDemoOptions(["--type", "company.scrape"]), { outcome: "run", demo: companyScrapeDemo });
    assert.deepEqual(parseDemoOptions(["--type=content.generate"]), { outcome: "run", demo: contentGenerateDemo });
    assert.deepEqual(parseDemoOptions(["--type", "pipeline.run"]), { outcome: "run", demo: pipelineRunDemo });
  });

  it("are refused in one sentence that has the known types", () => {
    assert.deepEqual(parseDemoOptions(["--type", "image.resize"]), {
      outcome: "refused",
      message:
        '--type: there is no demo of "image.resize"; give content.generate, video.analysis, company.scrape, pipeline.run',
    });
    assert.deepEqual(parseDemoOptions(["--kind"]), { outcome: "refused", message: "Unknown option '--kind'" });
  });
});

describe("the demo of company.scrape", () => {
  it("finds each kind of fact on its site, and lists it with its page", async () => {
    const site = await serveSite();
    try {
      const get: GuardedGet = async (address) => {
        const { pathname, protocol } = new URL(address);
        if (protocol !== "http:") return { outcome: "failed", kind: "tls" };
        const answer = await fetch(`http://127.0.0.1:${site.port}${pathname}`);
        const bytes = Buffer.from(await answer.arrayBuffer());
        return { outcome: "answered", status: answer.status, headers: new Map(answer.headers), bytes };
      };
      const stages = ["overview", "contacts", "technology", "people", "news"];
      const lines = renderProfile(await scrape(scrapePorts(get), { url: site.url, stages }), 90, plain);
      assert.deepEqual(lines.slice(0, lines.indexOf("Pages") - 1), [
        "",
        "Kestrel Bikes",
        "  Kestrel Bikes builds electric cargo bikes for families and small shops.",
        "",
        "Facts",
        "  Legal name  Kestrel Bikes GmbH from /contact",
        "  Address     Hafenstraße 12, 20457 Hamburg from /contact",
        "  E-mail      hello@kestrel-bikes.example from /contact",
        "  Phone       +4940123456 from /contact",
        "  Profiles    instagram: https://www.instagram.com/kestrelbikes from /",
        "              linkedin: https://www.linkedin.com/company/kestrel-bikes from /",
        "  Offers      Rent: 79 EUR from /pricing",
        "              Rent for shops: 119 EUR from /pricing",
        "  Made with   Hugo from /",
        "  People      Mara Lind, Founder and CEO from /team",
        "              Jonas Weber, Head of Engineering from /team",
        "  Openings    Frame welder from /careers",
        "              Embedded software engineer from /careers",
        "  News        The thousandth bike leaves the workshop from /feed.xml",
        "              Spare parts for ten years from /feed.xml",
      ]);
    } finally {
      await site.close();
    }
  });
});

describe("the demo of content.generate", () => {
  it("has a text that answers its question for its time", async function () {
    this.timeout(60_000);
    const input = { ...(await tidesInput()), formats: ["script" as const] };
    const job = await testJob(contentGenerate(), input, {
      patienceMs: 60_000,
      settings: { GCLOUD_PROJECT: "demo-baton" },
    });
    await job.run();
    assert.deepEqual([job.status, job.error], ["completed", undefined]);
    const { script } = ContentOutput.parse(job.output);
    assert.match(script.scenes.map(({ narration }) => narration).join(" "), /each coast passes through both bulges/);
  });

  it("lists the scenes, the findings of quality, and the files", () => {
    const output: ContentOutput = {
      understanding: { title: "T", topic: "t", intent: "reason", level: "beginner", entities: [], keywords: [] },
      sources: [{ title: "About tides" }],
      script: {
        title: "Why are there tides?",
        writer: "extractive",
        scenes: [
          {
            caption: "The Moon",
            narration: "The Moon pulls on the whole Earth.",
            seconds: 4.24,
            citations: [{ source: 0, start: 0, end: 34, quote: "The Moon pulls on the whole Earth." }],
          },
        ],
      },
      files: {
        video: { fileId: "f", name: "video.mp4", bytes: 123_456, contentType: "video/mp4", sha256: "0" },
      },
      quality: {
        isPassed: false,
        checks: [
          { name: "duration", isPassed: true, measured: "20.0 s", wanted: "20.0 s" },
          { name: "black-frames", isPassed: false, measured: "1.0 s to 2.0 s", wanted: "none" },
        ],
      },
    };
    assert.deepEqual(renderContent(output, { folder: "/tmp/x", width: 40, paint: plain }), [
      "",
      "Why are there tides?",
      "  1. The Moon 4.2 s",
      "     The Moon pulls on the whole Earth.",
      "     from About tides",
      "",
      "Quality",
      "  ✔ duration      20.0 s",
      "  ✘ black-frames  1.0 s to 2.0 s",
      "",
      "Files in /tmp/x",
      "  video.mp4       124 kB",
    ]);
  });
});

describe("the demo of pipeline.run", () => {
  it("has an input that the job type takes", () => {
    assert.equal(pipelineInput(PRESETS).safeParse(COFFEE).success, true);
  });

  it("lists the scenes, where the time went, the findings of quality, and the files", () => {
    const at = "2026-03-01T12:00:00.000Z";
    const output: PipelineOutput = {
      preset: "brand-campaign",
      metadata: { language: "en" },
      script: {
        title: "Coffee of the hills",
        scenes: [{ caption: "Fresh", narration: "Fresh coffee from Oslo.", seconds: 2.04 }],
        omittedSentences: 2,
      },
      voice: "espeak-ng",
      music: { mood: "bright", beatsAMinute: 110, notes: 40 },
      durationMs: 30_000,
      frame: { width: 1280, height: 720 },
      files: { video: { fileId: "f", name: "video.mp4", bytes: 999_999, contentType: "video/mp4", sha256: "0" } },
      quality: { isPassed: true, checks: [{ name: "loudness", isPassed: true, measured: "-16.2 LUFS", wanted: "" }] },
      stages: [
        { state: "generating", stage: "sound", startedAt: at, durationMs: 5000 },
        { state: "generating", stage: "video", startedAt: at, durationMs: 20_000 },
        { state: "reviewing", stage: "review", startedAt: at, durationMs: 80 },
      ],
    };
    assert.deepEqual(renderPipeline(output, { folder: "/tmp/x", width: 60, paint: plain }), [
      "",
      "Coffee of the hills",
      "  1. Fresh 2.0 s",
      "     Fresh coffee from Oslo.",
      "  Sentences without room: 2",
      "  Music: bright, 110 beats a minute",
      "",
      "Where the time went",
      "  generating  sound         5.00 s  ██████",
      "              video        20.00 s  ████████████████████████",
      "  reviewing   review        0.08 s  ▏",
      "",
      "Quality",
      "  ✔ loudness      -16.2 LUFS",
      "",
      "Files in /tmp/x",
      "  video.mp4       1000 kB",
    ]);
  });
});
