import { setTimeout as pause } from "node:timers/promises";
import { Firestore } from "@google-cloud/firestore";
import autocannon from "autocannon";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { type FirestoreCounts, startFirestoreMeter } from "./firestore-meter.ts";
import { round, store } from "./results.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `npm run bench`: what submitting costs, how many jobs a second go the whole way, and how many Firestore documents one
 * job reads and writes; on the local cloud, so on this machine's cores, emulators included. Prints a table and stores
 * `bench/results/latest.json`. Bounded by numbers of requests: one to two minutes.
 */

const SUBMISSIONS = [
  { connections: 1, amount: 300 },
  { connections: 20, amount: 1000 },
];
const END_TO_END_JOBS = 300;
const METERED_JOBS = 50;
const GIVE_UP_MS = 300_000;
/** No run is to meet a quota, or to wait for a slot. */
const TIERS = JSON.stringify({ free: { ...WIDE_LIMITS, activeJobs: 10_000 } });

const input = { comments: [{ text: "I love this video!" }, { text: "Where was this filmed?" }] };
const body = JSON.stringify({ type: "video.analysis", input });

type Row = Record<string, number>;

/** Jobs submitted to a cloud so far, of all owners. */
const submitted = new Map<LocalCloud, number>();

/** One owner of one cloud, who submits jobs and waits until they have ended. */
async function openOwner(cloud: LocalCloud, owner: string) {
  const { apiUrl, authHost, firestoreHost, projectId } = cloud.addresses;
  const authorization = `Bearer ${await signIn(authHost, owner)}`;
  const headers = { authorization, "content-type": "application/json" };
  return {
    submit: (amount: number, connections: number) =>
      autocannon({ url: `${apiUrl}/v1/jobs`, method: "POST", headers, body, amount, connections }),
    /**
     * Waits for the bridge's count of the worker, which costs the emulators nothing, and then has Firestore confirm it.
     */
    async untilDone(amount: number): Promise<void> {
      const givesUpAt = performance.now() + GIVE_UP_MS;
      const delivered = () => cloud.stats()["baton-worker"]?.delivered ?? 0;
      submitted.set(cloud, (submitted.get(cloud) ?? 0) + amount);
      while (delivered() < (submitted.get(cloud) ?? 0) && performance.now() < givesUpAt) await pause(10);
      const db = new Firestore({
        projectId,
        host: firestoreHost,
        ssl: false,
        customHeaders: { Authorization: "Bearer owner" },
      });
      const completed = db
        .collection("batonJobs")
        .where("owner", "==", owner)
        .where("status", "==", "completed")
        .count();
      const done = (await completed.get()).data().count;
      await db.terminate();
      if (done !== amount) throw new Error(`${done} of ${amount} jobs of ${owner} were completed`);
    },
  };
}

async function measureSpeed(): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  const cloud = await startLocalCloud({ ports: "auto", console: false, env: { TIERS } });
  try {
    const warm = await openOwner(cloud, "warm");
    await warm.submit(20, 4);
    await warm.untilDone(20);
    for (const { connections, amount } of SUBMISSIONS) {
      const owner = await openOwner(cloud, `submitter-${connections}`);
      const { latency, requests, non2xx } = await owner.submit(amount, connections);
      const perSecond = round(amount / (requests.total / requests.average));
      rows[`submit, ${connections} connections`] = {
        p50Ms: latency.p50,
        p99Ms: latency.p99,
        perSecond,
        refused: non2xx,
      };
      await owner.untilDone(amount);
    }
    const owner = await openOwner(cloud, "whole-way");
    const startedAt = performance.now();
    await owner.submit(END_TO_END_JOBS, 20);
    await owner.untilDone(END_TO_END_JOBS);
    const seconds = (performance.now() - startedAt) / 1000;
    rows["submission to result"] = {
      jobs: END_TO_END_JOBS,
      seconds: round(seconds),
      perSecond: round(END_TO_END_JOBS / seconds),
    };
  } finally {
    await cloud.stop();
  }
  return rows;
}

async function measureDocuments(): Promise<Record<string, Row>> {
  const meter = await startFirestoreMeter();
  const cloud = await startLocalCloud({
    ports: "auto",
    console: false,
    env: { FIRESTORE_EMULATOR_HOST: meter.host, TIERS },
  });
  try {
    meter.passTo(cloud.addresses.firestoreHost);
    const owner = await openOwner(cloud, "metered");
    const counted = async (work: () => Promise<unknown>) => {
      const before = meter.counts();
      await work();
      await settled(meter.counts);
      return perJob(before, meter.counts());
    };
    // The first jobs open connections and load the model; they are not those that are counted.
    const first = await openOwner(cloud, "first");
    await first.submit(1, 1);
    await first.untilDone(1);
    // Its notification may still write.
    await settled(meter.counts);
    return await counted(async () => {
      await owner.submit(METERED_JOBS, 1);
      await owner.untilDone(METERED_JOBS);
    });
  } finally {
    await cloud.stop();
    await meter.stop();
  }
}

/** Waits until nothing has been counted for a second: the trigger runs after the job has ended. */
async function settled(counts: () => FirestoreCounts): Promise<void> {
  for (let last = ""; last !== JSON.stringify(counts()); ) {
    last = JSON.stringify(counts());
    await pause(1000);
  }
}

/** Reads and writes of one metered job: in all, and by collection. */
function perJob(before: FirestoreCounts, after: FirestoreCounts): Record<string, Row> {
  const each = (total: number, earlier = 0) => round((total - earlier) / METERED_JOBS);
  const writesTo = Object.entries(after.writesTo).map(([collection, writes]): [string, number] => [
    collection,
    each(writes, before.writesTo[collection]),
  ]);
  return {
    "Firestore documents per job": {
      jobs: METERED_JOBS,
      reads: each(after.reads, before.reads),
      writes: each(after.writes, before.writes),
    },
    "writes per job to": Object.fromEntries(writesTo),
  };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const rows = { ...(await measureSpeed()), ...(await measureDocuments()) };
const { "writes per job to": writesTo, ...others } = rows;
console.table(others);
console.table({ "writes per job to": writesTo });
await store("latest", { rows });
