import { loadavg } from "node:os";
import { createBatonClient, type JobView } from "@baton/client";
import { waitUntilFinal } from "../examples/client/make-video.ts";
import type { jobs } from "../functions/src/jobs/index.ts";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { PHOTOSYNTHESIS } from "../test/support/learning-sources.ts";
import { type MediaClient, stagesOf } from "./media-stages.ts";
import { round, store } from "./results.ts";
import { watchProcesses } from "./watch-processes.ts";
import { watchTree } from "./watch-tree.ts";

/*
 * `npm run build && node bench/media.ts`: time, processor time and memory of each stage of `content.generate` and of
 * the presets of `pipeline.run`, at their full lengths, one after the other on the local cloud. Processor time and
 * memory are those of the heavy worker and of all that it starts. `loadBefore` tells how busy the machine was with
 * other work, which makes the times longer, and the processor times hardly. Prints it and stores
 * `bench/results/media.json`. Exits with 1 when a job fails. Two to five minutes.
 */

const LOOK_AGAIN_MS = 250;
const TEXT = PHOTOSYNTHESIS[0]?.text ?? "";
const preset = (name: string) => (client: MediaClient) =>
  client.submit("pipeline.run", { preset: name, content: TEXT });

/** The jobs, by what each is. The first one meets a worker that has loaded nothing yet. */
const JOBS: Record<string, (client: MediaClient) => Promise<JobView>> = {
  "quick-social, first job of an instance": preset("quick-social"),
  "quick-social": preset("quick-social"),
  "brand-campaign": preset("brand-campaign"),
  premium: preset("premium"),
  "content.generate, 60 s": (client) =>
    client.submit("content.generate", {
      query: "How do plants make food from sunlight?",
      documents: PHOTOSYNTHESIS,
      seconds: 60,
      formats: ["script", "audio", "video", "subtitles", "thumbnail"],
    }),
};

const secondsBetween = (from: string | number = "", until: string | number = "") =>
  round((new Date(until).getTime() - new Date(from).getTime()) / 1000);

/** Runs a job to its end. Gives its times, and what it took of the machine, also by stage. */
async function measure(cloud: LocalCloud, client: MediaClient, submit: (client: MediaClient) => Promise<JobView>) {
  const tree = watchTree(() => cloud.functionPid("baton-worker-heavy"));
  const watched = await watchProcesses([], () => undefined);
  const loadBefore = round(loadavg()[0] ?? 0);
  const { jobId } = await submit(client);
  const job = await waitUntilFinal(client, jobId, LOOK_AGAIN_MS);
  await tree.stop();
  const { cpuPercent, stolenPercent } = await watched();
  if (job.status !== "completed") throw new Error(`Job ${jobId} is ${job.status}: ${job.error?.message}`);
  const { createdAt, startedAt, finishedAt } = job;
  const stages = (await stagesOf(cloud, client, job)).map(({ name, fromMs, untilMs }) => [
    name,
    { seconds: secondsBetween(fromMs, untilMs), ...tree.used(fromMs, untilMs) },
  ]);
  return {
    videoSeconds: await videoSeconds(client, jobId),
    waitSeconds: secondsBetween(createdAt, startedAt),
    runSeconds: secondsBetween(startedAt, finishedAt),
    ...tree.used(Date.parse(createdAt), Date.now()),
    ...{ loadBefore, cpuPercent, stolenPercent },
    stages: Object.fromEntries(stages),
  };
}

async function videoSeconds(client: MediaClient, jobId: string): Promise<number> {
  const result = await client.result(jobId);
  const hasVideo = client.isResultOf("pipeline.run", result) || client.isResultOf("content.generate", result);
  return round((hasVideo ? (result.output?.durationMs ?? 0) : 0) / 1000);
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const cloud = await startLocalCloud({ ports: "auto", console: false });
const rows: Record<string, Awaited<ReturnType<typeof measure>>> = {};
try {
  const { apiUrl, authHost } = cloud.addresses;
  const client = createBatonClient<typeof jobs>({ apiUrl, getToken: () => signIn(authHost, "media") });
  for (const [name, submit] of Object.entries(JOBS)) {
    const { stages, ...all } = await measure(cloud, client, submit);
    rows[name] = { ...all, stages };
    console.log(name, all);
    console.table(stages);
  }
} finally {
  await cloud.stop();
}
await store("media", { jobs: rows });
