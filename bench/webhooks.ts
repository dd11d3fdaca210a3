import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { percentile, round, store } from "./results.ts";
import { type Owner, openOwner, type Phase, type Run, rowOf, run, statesOf } from "./webhook-run.ts";

/*
 * `node bench/webhooks.ts [events]`: how long a webhook takes from the end of its job to its arrival, at one endpoint with
 * little to do, at eight endpoints with 1,000 events, and at eight with as many events while one more endpoint never answers and one
 * breaks off every connection. The last two take turns, so that whatever else the machine does meets both alike; a turn during which
 * a virtual machine's host took more of it than `MAX_STOLEN_PERCENT` is kept, but made again. Each turn has a local cloud of its own, on
 * this machine's cores, emulators included. Prints it and stores `bench/results/webhooks.json`. Twenty-five minutes when no turn is made again.
 */

const EVENTS = Number(process.argv[2] ?? 1000);
const EVENTS_PER_SECOND = 2;
/** How often eight endpoints are alone, and beside sick ones. */
const TURNS = 8;
const MAX_TURNS = 3 * TURNS;
const MAX_STOLEN_PERCENT = 25;
const EVENTS_PER_TURN = Math.ceil(EVENTS / TURNS);
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

/** A run beside endpoints that are sick from the first event on. */
async function besideSick(cloud: LocalCloud, receiver: Receiver, team: Owner, phase: Phase) {
  const made = await Promise.all(SICK.map(async (path) => ({ path, endpointId: await team.addEndpoint(path) })));
  const beside = await run(cloud, receiver, team, phase);
  const sick = await Promise.all(
    made.map(async ({ path, endpointId }) => ({
      path,
      attempts: beside.arrivals.filter((arrival) => arrival.path === path).length,
      ...(await statesOf(cloud, endpointId)),
    })),
  );
  return { beside, sick };
}

/** One turn of eight endpoints alone, and the same beside sick ones. */
const oneTurn = (receiver: Receiver) =>
  onCloud(receiver, async (cloud, team): Promise<Turn> => {
    const phase = { events: EVENTS_PER_TURN, perSecond: EVENTS_PER_SECOND, paths: HEALTHY };
    for (const path of HEALTHY) await team.addEndpoint(path);
    await run(cloud, receiver, team, { ...phase, events: WARM_UP_EVENTS });
    const alone = await run(cloud, receiver, team, phase);
    return { alone, ...(await besideSick(cloud, receiver, team, phase)) };
  });

async function takeTurns(receiver: Receiver): Promise<Turn[]> {
  const turns: Turn[] = [];
  while (turns.filter(isUndisturbed).length < TURNS && turns.length < MAX_TURNS) {
    const turn = await oneTurn(receiver);
    turns.push(turn);
    console.log(`turn ${turns.length}: ${JSON.stringify(inShort(turn))}`);
  }
  return turns;
}

interface Turn {
  alone: Run;
  beside: Run;
  /** What became of the deliveries to the sick ones. */
  sick: object[];
}

const isUndisturbed = ({ alone, beside }: Turn) =>
  Math.max(alone.used.stolenPercent, beside.used.stolenPercent) <= MAX_STOLEN_PERCENT;

const inShort = ({ alone, beside }: Turn) => ({
  p95Ms: { alone: percentile(alone.latencies, 95), beside: percentile(beside.latencies, 95) },
  stolenPercent: { alone: alone.used.stolenPercent, beside: beside.used.stolenPercent },
});

async function measure(receiver: Receiver) {
  const calm = await calmly(receiver);
  const turns = await takeTurns(receiver);
  const quiet = turns.filter(isUndisturbed);
  const rows = {
    "one endpoint, calm": rowOf([calm]),
    "eight endpoints": rowOf(quiet.map(({ alone }) => alone)),
    "eight beside two sick": rowOf(quiet.map(({ beside }) => beside)),
    "eight endpoints, every turn": rowOf(turns.map(({ alone }) => alone)),
    "eight beside two sick, every turn": rowOf(turns.map(({ beside }) => beside)),
  };
  const ratios = quiet.map(({ alone, beside }) => percentile(beside.latencies, 95) / percentile(alone.latencies, 95));
  return {
    rows,
    sick: turns.flatMap(({ sick }) => sick),
    turns: turns.map(inShort),
    p95Ratio: round(percentile(ratios, 50)),
  };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const receiver = await startReceiver();
const result = await measure(receiver).finally(() => receiver.stop());
console.table(result.rows);
console.table(result.sick);
console.log(`p95 beside the sick / p95 alone, the median of the undisturbed turns: ${result.p95Ratio}`);
await store("webhooks", { eventsPerSecond: EVENTS_PER_SECOND, ...result });
