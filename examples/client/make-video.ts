import { setTimeout as pause } from "node:timers/promises";
import { type BatonClient, isFinal, type JobView } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";

type Baton = BatonClient<typeof jobs>;

/** Submits a question, which the video answers by what the text says. */
export function requestVideo(baton: Baton, query: string, text: string): Promise<JobView> {
  return baton.submit("content.generate", { query, documents: [{ text }], seconds: 30, formats: ["video"] });
}

/** Asks for a job every `everyMs` milliseconds until it is final. A page uses `watch` instead, which asks for nothing. */
export async function waitUntilFinal(baton: Baton, jobId: string, everyMs = 2000): Promise<JobView> {
  for (;;) {
    const job = await baton.job(jobId);
    if (isFinal(job)) return job;
    await pause(everyMs);
  }
}

/** Downloads the video of a completed job. Throws with the job's own words when it failed or was cancelled. */
export async function downloadVideo(baton: Baton, jobId: string): Promise<Blob> {
  const result = await baton.result(jobId);
  const video = baton.isResultOf("content.generate", result) ? result.output?.files.video : undefined;
  if (!video) throw new Error(result.error?.message ?? `Job ${jobId} made no video.`);
  return baton.file(jobId, video.name);
}

/** Makes a video: submits the question, waits for the end, and downloads the file. */
export async function makeVideo(baton: Baton, query: string, text: string, everyMs?: number): Promise<Blob> {
  const { jobId } = await requestVideo(baton, query, text);
  await waitUntilFinal(baton, jobId, everyMs);
  return downloadVideo(baton, jobId);
}
