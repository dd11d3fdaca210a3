import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type BatonClient, createBatonClient } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { listPresets, readStages, runPreset } from "./run-preset.ts";

const AT = "2026-03-01T12:00:00.000Z";
const JOB_ID = "abcdefghij0123456789";
const COMMON = { jobId: JOB_ID, type: "pipeline.run", owner: "ada", attempt: 1, createdAt: AT };
const JOB = { ...COMMON, queue: "heavy", progress: 0, maxAttempts: 4, tags: [], metadata: {}, updatedAt: AT };
const STAGES = [
  { state: "analysing", stage: "analysis", startedAt: AT, durationMs: 140 },
  { state: "generating", stage: "video", startedAt: AT, durationMs: 20_060 },
];
const COMPLETED = { ...COMMON, status: "completed", durationMs: 5, output: { stages: STAGES } };
const FAILED = { ...COMMON, status: "failed", durationMs: 5, error: { code: "nothing-to-say", message: "Nothing." } };
const PRESETS = [{ type: "pipeline.run", name: "quick-social", estimateSeconds: 29 }];

describe("a client that runs a preset", () => {
  let api: Server;
  let baton: BatonClient<typeof jobs>;
  let bodies: string[];
  let answers: Record<string, object>;

  before(async () => {
    api = createServer(async (request, response) => {
      bodies.push(await text(request));
      response.end(JSON.stringify(answers[`${request.method} ${request.url}`]));
    });
    await new Promise<void>((listening) => api.listen(0, "127.0.0.1", listening));
    const { port } = api.address() as AddressInfo;
    baton = createBatonClient<typeof jobs>({ apiUrl: `http://127.0.0.1:${port}`, getToken: async () => "token" });
  });
  beforeEach(() => {
    bodies = [];
    answers = {
      "GET /v1/presets": { presets: PRESETS },
      "POST /v1/jobs": { ...JOB, status: "queued", history: [] },
      [`GET /v1/jobs/${JOB_ID}`]: { ...JOB, status: "completed", history: [] },
      [`GET /v1/jobs/${JOB_ID}/result`]: COMPLETED,
    };
  });
  after(() => void api.close());

  it("lists the presets with their times", async () => {
    assert.deepEqual(await listPresets(baton), ["quick-social: about 29 s"]);
  });

  it("submits a text with its preset and its title", async () => {
    await runPreset(baton, "quick-social", "Fresh coffee.", "Coffee");
    assert.deepEqual(JSON.parse(bodies[0] ?? "").input, {
      preset: "quick-social",
      content: "Fresh coffee.",
      metadata: { title: "Coffee" },
    });
  });

  it("says where the time of a completed job went", async () => {
    assert.deepEqual(await readStages(baton, JOB_ID, 1), ["analysing: analysis 0.1 s", "generating: video 20.1 s"]);
  });

  it("says why a job failed", async () => {
    answers[`GET /v1/jobs/${JOB_ID}`] = { ...JOB, status: "failed", history: [] };
    answers[`GET /v1/jobs/${JOB_ID}/result`] = FAILED;
    await assert.rejects(readStages(baton, JOB_ID, 1), { message: "Nothing." });
  });
});
