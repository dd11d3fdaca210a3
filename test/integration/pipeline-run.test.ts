import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { FileList, JobView } from "@baton/protocol";
import { after, before } from "mocha";
import { PipelineOutput } from "../../functions/src/jobs/pipeline-run/schemas.ts";
import { testCloud } from "../support/cloud.ts";
import { probe } from "../support/ffprobe.ts";
import { waitFor } from "../support/wait-for.ts";
import { codeBlocks } from "../unit/examples/markdown.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/pipeline-run.md");

/** A fresh user's requests to the API, and the token that they have. */
async function aUser() {
  const { token } = await testCloud().newUser("pipeline");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = (path: string, request: RequestInit = {}) =>
    fetch(`${testCloud().apiUrl}${path}`, { headers, ...request });
  return { token, call };
}

/** Submits the job of the document by its own command, in a shell. */
async function submitAsDocumented(token: string): Promise<JobView> {
  const command = codeBlocks(await readFile(DOCUMENT, "utf8")).find(({ text }) => text.includes("/v1/jobs"));
  const env = { PATH: process.env.PATH, API: testCloud().apiUrl, TOKEN: token };
  const { stdout } = await promisify(execFile)("sh", ["-c", command?.text ?? ""], { env });
  return JobView.parse(JSON.parse(stdout));
}

describe("pipeline.run in the cloud", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-pipeline-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("makes the video of the document's command on the heavy queue, and shows its states on the way", async () => {
    const { token, call } = await aUser();
    const { jobId, type, queue } = await submitAsDocumented(token);
    assert.deepEqual([type, queue], ["pipeline.run", "heavy"]);
    const steps = new Set<string>();
    const isFinal = async () => {
      const job = JobView.parse(await (await call(`/v1/jobs/${jobId}`)).json());
      if (job.step !== undefined) steps.add(job.step);
      return job.finishedAt !== undefined;
    };
    await waitFor(`job ${jobId}`, isFinal, 120_000);

    const { status, output, error } = await (await call(`/v1/jobs/${jobId}/result`)).json();
    assert.deepEqual([status, error], ["completed", undefined]);
    const { files, stages, metadata, quality } = PipelineOutput.parse(output);
    assert.equal(quality.isPassed, true);
    assert.deepEqual(metadata, { title: "Coffee of the hills", author: "Oslo Roasters", language: "en" });
    // The document has one of them a second at most, and never the name of a durable step.
    const shown = stages.map(({ state, stage }) => `${state}: ${stage}`);
    assert.ok(steps.size > 0);
    assert.deepEqual(
      [...steps].filter((step) => !shown.includes(step)),
      [],
    );
    const listed = FileList.parse(await (await call(`/v1/jobs/${jobId}/files`)).json()).files;
    assert.deepEqual(listed.map(({ name }) => name).sort(), ["audio.m4a", "manifest.json", "video.mp4"]);

    const bytes = Buffer.from(await (await call(`/v1/jobs/${jobId}/files/video.mp4`)).arrayBuffer());
    assert.equal(createHash("sha256").update(bytes).digest("hex"), files.video?.sha256);
    const path = join(folder, "video.mp4");
    await writeFile(path, bytes);
    const [picture, sound] = (await probe(path)).streams;
    assert.deepEqual(
      [picture?.codec_name, picture?.width, picture?.height, sound?.codec_name],
      ["h264", 720, 1280, "aac"],
    );
  });

  it("lists the presets, and refuses one that there is not with the names of those that there are", async () => {
    const { call } = await aUser();
    const { presets } = await (await call("/v1/presets")).json();
    const names = presets.map(({ name }: { name: string }) => name);
    assert.deepEqual(names, ["quick-social", "brand-campaign", "premium"]);
    const input = { content: "Fresh coffee.", preset: "cinema" };
    const body = JSON.stringify({ type: "pipeline.run", input });
    const refused = await call("/v1/jobs", { method: "POST", body });
    assert.equal(refused.status, 400);
    assert.deepEqual((await refused.json()).errors, [
      { pointer: "/input/preset", message: "has to be one of the presets: quick-social, brand-campaign, premium" },
    ]);
  });
});
