import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { percentile, round, store } from "./results.ts";
import { type Owner, openOwner, type Run, rowOf, run, statesOf } from "./webhook-run.ts";

/*
 * `node bench/webhooks.ts [events]`: how long a webhook takes from the end of its job to its arrival, at one endpoint with
 * little to do, at eight endpoints with 1,000 events, and at eight with as many events while one more endpoint never answers and one
 * breaks off every connection. The last two run at the same time, each on a local cloud with a receiver of its own: they share nothing
 * but the machine, and whatever that has to do besides meets both alike. Prints it and stores `bench/results/webhooks.json`.
 * Fifteen minutes.
 */

const EVENTS = Number(process.argv[2] ?? 1000);
/** On each of two clouds. */
const EVENTS_PER_SECOND = 1.5;
/** The figures of each part of the events are kept, too. */
const PARTS = 4;
/** Of the phase with one endpoint. */
const CALM_EVENTS = Math.min(EVENTS, 100);
const CALM_EVENTS_PER_SECOND = 2;
const WARM_UP_EVENTS = Math.min(EVENTS, 40);
const HEALTHY = ["/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8"];
const SICK = ["/hanging", "/resetting"];
const TIERS = { free: { jobsPerMinute: 1_000_000, jobsPerDay: 1_000_000, runningJobs: 1000, endpoints: 20 } };

/** Work on a cloud of its own: what others left in Firestore would slow it down, since the emulator has no indexes. */
async function onCloud<T>(receiver: Receiver, work: (cloud: LocalCloud, team: Owner) => Promise<T>): Promise<T> {
  const env = { TIERS: JSON.stringify(TIERS) };
  const cloud = await startLocalCloud({ ports: "auto", console: false, codebases: await buildTestBundles(), env });
  try {
    return await work(cloud, await openOwner(cloud, "team", receiver));
  } finally {
    await cloud.stop();
  }
}

const calmly = (receiver: Receiver) =>
  onCloud(receiver, async (cloud, team) => {
    await team.addEndpoint("/single");
    const calm = { events: CALM_EVENTS, perSecond: CALM_EVENTS_PER_SECOND, paths: ["/single"] };
    await run(cloud, receiver, team, { ...calm, events: 10 });
    return run(cloud, receiver, team, calm);
  });

const newEndpoints = (team: Owner, paths: string[]) =>
  Promise.all(paths.map(async (path) => ({ path, endpointId: await team.addEndpoint(path) })));

/** Runs `work` on two clouds at once: on the first eight endpoints are alone, on the second they are beside sick ones. */
async function atOnce(work: (runBoth: (events: number) => Promise<Part>) => Promise<void>): Promise<object[]> {
  const receivers = await Promise.all([startReceiver(), startReceiver()]);
  const [receiver, other] = receivers;
  try {
    return await onCloud(receiver, (cloud, team) =>
      onCloud(other, async (otherCloud, otherTeam) => {
        await Promise.all([newEndpoints(team, HEALTHY), newEndpoints(otherTeam, HEALTHY)]);
        const runBoth = async (events: number) => {
          const phase = { events, perSecond: EVENTS_PER_SECOND, paths: HEALTHY };
          const [alone, beside] = await Promise.all([
            run(cloud, receiver, team, phase),
            run(otherCloud, other, otherTeam, phase),
          ]);
          return { alone, beside };
        };
        await runBoth(WARM_UP_EVENTS);
        const sick = await newEndpoints(otherTeam, SICK);
        await work(runBoth);
        return Promise.all(
          sick.map(async ({ path, endpointId }) => ({ path, ...(await statesOf(otherCloud, endpointId)) })),
        );
      }),
    );
  } finally {
    await Promise.all(receivers.map((one) => one.stop()));
  }
}

/** The same number of events, on both clouds at the same time. */
interface Part {
  alone: Run;
  beside: Run;
}

const p95Of = (runs: readonly Run[]) =>
  percentile(
    runs.flatMap(({ latencies }) => latencies),
    95,
  );

async function measure() {
  const receiver = await startReceiver();
  const calm = await calmly(receiver).finally(() => receiver.stop());
  const parts: Part[] = [];
  const sick = await atOnce(async (runBoth) => {
    for (let i = 0; i < PARTS; i++) {
      parts.push(await runBoth(Math.ceil(EVENTS / PARTS)));
      console.log(`part ${i + 1} of ${PARTS} is over`);
    }
  });
  const [alone, beside] = [parts.map((part) => part.alone), parts.map((part) => part.beside)];
  const rows = {
    "one endpoint, calm": rowOf([calm]),
    "eight endpoints": rowOf(alone),
    "eight beside two sick": rowOf(beside),
  };
  const attempts = beside.flatMap(({ arrivals }) => arrivals).map(({ path }) => path);
  return {
    rows,
    sick: sick.map((one, i) => ({ ...one, attempts: attempts.filter((path) => path === SICK[i]).length })),
    parts: parts.map((part) => ({ aloneP95Ms: p95Of([part.alone]), besideP95Ms: p95Of([part.beside]) })),
    p95Ratio: round(p95Of(beside) / p95Of(alone)),
  };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const result = await measure();
console.table(result.rows);
console.table(result.sick);
console.table(result.parts);
console.log(`p95 beside the sick / p95 alone: ${result.p95Ratio}`);
await store("webhooks", { eventsPerSecond: EVENTS_PER_SECOND, ...result });
