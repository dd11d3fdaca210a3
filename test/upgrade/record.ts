// Records what is stored at one moment, when all functions stop, with jobs in every situation that lasts:
// `node test/upgrade/record.ts 0.2.0 [folder]`, where the folder has built functions with the test job types. To be run
// for each release; `test/integration/upgrade.test.ts` holds that the releases after it finish these jobs.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLocalCloud } from "../../local/cloud.ts";
import { buildTestBundles } from "../support/test-bundles.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";
import { startYouTubeServer } from "../support/youtube-server.ts";
import { type ReleaseState, readDocuments } from "./release-state.ts";
import { makeSituations } from "./situations.ts";

const [release, folder] = process.argv.slice(2);
if (release === undefined || !/^\d+\.\d+\.\d+$/.test(release)) {
  console.error("Usage: node test/upgrade/record.ts <release, such as 0.2.0> [folder of built functions]");
  process.exit(2);
}
// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const receiver = await startWebhookReceiver();
const youtube = await startYouTubeServer();
const cloud = await startLocalCloud({
  ports: "auto",
  console: false,
  codebases: folder === undefined ? await buildTestBundles() : [folder],
  webhookPorts: "any",
  env: {
    YOUTUBE_API_BASE_URL: youtube.baseUrl,
    TIERS: JSON.stringify({ free: { activeJobs: 100 }, narrow: { activeJobs: 1 } }),
  },
  log: (source, line) => console.error(`${source} | ${line}`),
});
try {
  const jobs = await makeSituations(cloud, receiver.url);
  const recordedAt = new Date().toISOString();
  const documents = await readDocuments(cloud.addresses);
  const state: ReleaseState = { release, recordedAt, receiverUrl: receiver.url, jobs, documents };
  await writeFile(join(import.meta.dirname, "releases", `${release}.json`), `${JSON.stringify(state, null, 2)}\n`);
  console.log(`${Object.keys(jobs).length} jobs, ${documents.length} documents`);
} finally {
  await Promise.all([cloud.stop(), receiver.stop(), youtube.stop()]);
}
