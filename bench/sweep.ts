import { Firestore } from "@google-cloud/firestore";
import { withEngine } from "../engine/src/jobs/engine.ts";
import { jobCollections } from "../engine/src/jobs/firestore/job-collections.ts";
import { firestoreJobStore } from "../engine/src/jobs/firestore/job-store.ts";
import { createJob } from "../engine/src/jobs/firestore/job-writes.ts";
import { jobPublisher } from "../engine/src/jobs/job-publisher.ts";
import { moveDueJobs } from "../engine/src/jobs/sweep/due-jobs.ts";
import { pubsubPublish } from "../engine/src/platform/pubsub/publisher.ts";
import { startLocalCloud } from "../local/cloud.ts";
import { aJob } from "../test/support/jobs.ts";
import { startFirestoreMeter } from "./firestore-meter.ts";
import { round, store } from "./results.ts";

/*
 * `node bench/sweep.ts [jobs]`: how long one run of the sweep takes to publish 10,000 due jobs again, what it holds in
 * memory, and what a run with nothing to do reads; on the local cloud's emulators, in a database in which no function
 * runs. Prints it and stores `bench/results/sweep.json`. One to three minutes, most of them to write the jobs.
 */

const DUE_JOBS = Number(process.argv[2] ?? 10_000);
const JOBS_PER_COMMIT = 50;
const COMMITS_AT_ONCE = 4;
const PROJECT_ID = "demo-sweep-bench";
const LATE = new Date("2100-01-01T00:00:00.000Z");

async function putJobs(db: Firestore, count: number): Promise<void> {
  let left = count;
  const write = async () => {
    while (left > 0) {
      const size = Math.min(JOBS_PER_COMMIT, left);
      left -= size;
      const batch = db.batch();
      for (let i = 0; i < size; i++) {
        createJob(jobCollections(db), batch, aJob({ shard: (left + i) % 16, expireAt: LATE }), { text: "x" });
      }
      await batch.commit();
    }
  };
  await Promise.all(Array.from({ length: COMMITS_AT_ONCE }, write));
}

/** Runs of the sweep's part for jobs, as the function does them, but for the database. */
function openSweep(db: Firestore, topicsProjectId: string) {
  const silent = () => {};
  const ports = withEngine({
    jobs: firestoreJobStore(db),
    publisher: jobPublisher(
      pubsubPublish({ projectId: topicsProjectId, emulator: process.env.PUBSUB_EMULATOR_HOST ?? "" }),
    ),
    clock: { now: () => new Date(), after: () => silent },
    log: { info: silent, warn: silent, error: console.error },
  });
  return () => moveDueJobs(ports, new Date(), LATE);
}

async function measure() {
  const cloud = await startLocalCloud({ ports: "auto", console: false, auth: false, scheduledMinuteMs: 3_600_000 });
  const meter = await startFirestoreMeter();
  const { firestoreHost, pubsubHost, projectId } = cloud.addresses;
  meter.passTo(firestoreHost);
  process.env.PUBSUB_EMULATOR_HOST = pubsubHost;
  const headers = { Authorization: "Bearer owner" };
  const db = new Firestore({ projectId: PROJECT_ID, host: meter.host, ssl: false, customHeaders: headers });
  try {
    console.log(`Writing ${DUE_JOBS} jobs ...`);
    await putJobs(db, DUE_JOBS);
    console.log("Sweeping ...");
    const run = openSweep(db, projectId);
    const before = meter.counts();
    let maxHeapBytes = 0;
    const watch = setInterval(() => {
      maxHeapBytes = Math.max(maxHeapBytes, process.memoryUsage().heapUsed);
    }, 50);
    const startedAt = performance.now();
    const moved = await run();
    const seconds = (performance.now() - startedAt) / 1000;
    clearInterval(watch);
    const after = meter.counts();
    const idleReads = await run().then((none) => (none === 0 ? meter.counts().reads - after.reads : Number.NaN));
    return {
      moved,
      seconds: round(seconds),
      jobsPerSecond: Math.round(moved / seconds),
      readsPerJob: round((after.reads - before.reads) / moved),
      writesPerJob: round((after.writes - before.writes) / moved),
      maxHeapMiB: Math.round(maxHeapBytes / 1024 / 1024),
      idleReads,
    };
  } finally {
    await db.terminate();
    await meter.stop();
    await cloud.stop();
  }
}

process.env.METADATA_SERVER_DETECTION = "none";
const results = await measure();
console.table(results);
await store("sweep", results);
process.exit(0);
