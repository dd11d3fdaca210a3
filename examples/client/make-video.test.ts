import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createBatonClient } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { makeVideo } from "./make-video.ts";

const AT = "2026-03-01T12:00:00.000Z";
const JOB_ID = "abcdefghij0123456789";
const COMMON = { jobId: JOB_ID, type: "content.generate", owner: "ada", attempt: 1, createdAt: AT };
const JOB = { ...COMMON, queue: "heavy", progress: 0, maxAttempts: 4, tags: [], metadata: {}, updatedAt: AT };
const VIDEO = { fileId: "f", name: "video.mp4", bytes: 5, contentType: "video/mp4", sha256: "0" };
const COMPLETED = { ...COMMON, status: "completed", durationMs: 5, output: { files: { video: VIDEO } } };
const FAILED = { ...COMMON, status: "failed", durationMs: 5, error: { code: "nothing-relevant", message: "Nothing." } };

describe("a client that makes a video", () => {
  let api: Server;
  let asked: string[];
  let bodies: string[];
  let statuses: string[];
  let result: object;

  before(async () => {
    api = createServer(async (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      bodies.push(await text(request));
      response.end(answerTo(request.url ?? "", `http://${request.headers.host}`));
    });
    await new Promise<void>((listening) => api.listen(0, "127.0.0.1", listening));
  });
  beforeEach(() => {
    asked = [];
    bodies = [];
  });
  after(() => void api.close());

  const answerTo = (url: string, origin: string): string => {
    if (url === "/signed") return "bytes";
    if (url.endsWith("/files/video.mp4")) return JSON.stringify({ url: `${origin}/signed`, expiresAt: AT });
    return JSON.stringify(url.endsWith("/result") ? result : { ...JOB, status: statuses.shift(), history: [] });
  };
  const make = () => {
    const { port } = api.address() as AddressInfo;
    const apiUrl = `http://127.0.0.1:${port}`;
    const baton = createBatonClient<typeof jobs>({ apiUrl, getToken: async () => "token" });
    return makeVideo(baton, "How do bees fly?", "Bees fly by beating their wings.", 1);
  };

  it("submits a question, waits for the end of the job, and downloads the video", async () => {
    statuses = ["queued", "processing", "completed"];
    result = COMPLETED;
    assert.equal(await (await make()).text(), "bytes");
    assert.deepEqual(asked, [
      "POST /v1/jobs",
      `GET /v1/jobs/${JOB_ID}`,
      `GET /v1/jobs/${JOB_ID}`,
      `GET /v1/jobs/${JOB_ID}/result`,
      `GET /v1/jobs/${JOB_ID}/files/video.mp4`,
      "GET /signed",
    ]);
    assert.deepEqual(JSON.parse(bodies[0] ?? "").input, {
      query: "How do bees fly?",
      documents: [{ text: "Bees fly by beating their wings." }],
      seconds: 30,
      formats: ["video"],
    });
  });

  it("says why a job failed", async () => {
    statuses = ["queued", "failed"];
    result = FAILED;
    await assert.rejects(make(), { message: "Nothing." });
  });
});
