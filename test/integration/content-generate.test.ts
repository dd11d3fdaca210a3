import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileList } from "@baton/protocol";
import { after, before } from "mocha";
import { ContentOutput } from "../../functions/src/jobs/content-generate/schemas.ts";
import { testCloud } from "../support/cloud.ts";
import { probe } from "../support/ffprobe.ts";
import { PHOTOSYNTHESIS } from "../support/learning-sources.ts";
import { waitFor } from "../support/wait-for.ts";

/** A fresh user's requests to the API. */
async function aUser() {
  const { token } = await testCloud().newUser("content");
  return (method: string, path: string, body?: object) =>
    fetch(`${testCloud().apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
}

describe("content.generate in the cloud", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-content-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("makes a video of a question on the heavy queue, that its owner downloads", async () => {
    const call = await aUser();
    const input = {
      query: "How do plants make food from sunlight?",
      documents: PHOTOSYNTHESIS,
      seconds: 10,
      formats: ["script", "audio", "video", "subtitles", "thumbnail"],
    };
    const submitted = await call("POST", "/v1/jobs", { type: "content.generate", input });
    assert.equal(submitted.status, 202);
    const { jobId } = await submitted.json();
    const isFinal = async () =>
      ["completed", "failed"].includes((await (await call("GET", `/v1/jobs/${jobId}`)).json()).status);
    await waitFor(`job ${jobId}`, isFinal, 120_000);

    const { status, output, error } = await (await call("GET", `/v1/jobs/${jobId}/result`)).json();
    assert.deepEqual([status, error], ["completed", undefined]);
    const { files, quality } = ContentOutput.parse(output);
    assert.deepEqual(
      quality?.checks.filter(({ isPassed }) => !isPassed),
      [],
    );
    const listed = FileList.parse(await (await call("GET", `/v1/jobs/${jobId}/files`)).json()).files;
    assert.deepEqual(listed.map(({ name }) => name).sort(), [
      "audio.m4a",
      "script.json",
      "subtitles.vtt",
      "thumbnail.png",
      "video.mp4",
    ]);

    const download = await call("GET", `/v1/jobs/${jobId}/files/video.mp4`);
    const bytes = Buffer.from(await download.arrayBuffer());
    assert.equal(createHash("sha256").update(bytes).digest("hex"), files.video?.sha256);
    await writeFile(join(folder, "video.mp4"), bytes);
    const { streams, format } = await probe(join(folder, "video.mp4"));
    assert.deepEqual(
      streams.map((stream) => stream.codec_name),
      ["h264", "aac"],
    );
    assert(Math.abs(format.duration - 10) <= 1, `${format.duration} s`);
  });

  it("ends within seconds of a cancel, and keeps no file", async () => {
    const call = await aUser();
    const input = {
      query: "How do plants make food from sunlight?",
      documents: PHOTOSYNTHESIS,
      seconds: 90,
      formats: ["video"],
    };
    const { jobId } = await (await call("POST", "/v1/jobs", { type: "content.generate", input })).json();
    const job = async () => (await call("GET", `/v1/jobs/${jobId}`)).json();
    await waitFor("the video", async () => (await job()).step === "video", 120_000);
    await call("DELETE", `/v1/jobs/${jobId}`);
    const cancelledAt = performance.now();
    await waitFor("the cancel", async () => (await job()).status === "cancelled", 30_000);
    assert(performance.now() - cancelledAt < 8000);
    const listed = FileList.parse(await (await call("GET", `/v1/jobs/${jobId}/files`)).json()).files;
    assert.equal(
      listed.some(({ name }) => name === "video.mp4"),
      false,
    );
  });
});
