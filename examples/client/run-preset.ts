import type { BatonClient, JobView } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";
import { waitUntilFinal } from "./make-video.ts";

type Baton = BatonClient<typeof jobs>;

/** Lists the presets, each with its time in seconds on a worker. */
export async function listPresets(baton: Baton): Promise<string[]> {
  const presets = await baton.catalog("presets");
  return presets.map(({ name, estimateSeconds }) => `${name}: about ${estimateSeconds} s`);
}

/** Submits a text, of which the preset makes a video. */
export function runPreset(baton: Baton, preset: string, content: string, title: string): Promise<JobView> {
  return baton.submit("pipeline.run", { preset, content, metadata: { title } });
}

/** Waits for the end of a job, and says where its time went. Throws with the job's own words when it failed. */
export async function readStages(baton: Baton, jobId: string, everyMs?: number): Promise<string[]> {
  await waitUntilFinal(baton, jobId, everyMs);
  const result = await baton.result(jobId);
  const output = baton.isResultOf("pipeline.run", result) ? result.output : undefined;
  if (!output) throw new Error(result.error?.message ?? `Job ${jobId} ran no preset.`);
  return output.stages.map(({ state, stage, durationMs }) => `${state}: ${stage} ${(durationMs / 1000).toFixed(1)} s`);
}
