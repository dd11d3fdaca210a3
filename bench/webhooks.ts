import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { percentile, round, store } from "./results.ts";
import { type Owner, openOwner, type Run, rowOf, run, statesOf } from "./webhook-run.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/webhooks.ts [events]`: how long a webhook takes from the end of its job to its arrival, at one endpoint
 * with little to do, at eight endpoints with 1,000 events, and at eight with as many events while one more endpoint
 * never answers and one breaks off every connection. The last two have a local cloud and a receiver each, and take
 * turns of a few seconds, one of them at a time: whatever else the machine does meets both alike, and the clouds grow
 * alike. Prints it and stores `bench/results/webhooks.json`. Twenty-five minutes.
 */

const EVENTS = Number(process.argv[2] ?? 1000);
const EVENTS_PER_SECOND = 2;
const EVENTS_PER_TURN = 25;
const TURNS = Math.ceil(EVENTS / EVENTS_PER_TURN);
/** Of the phase with one endpoint. */
const CALM_EVENTS = Math.min(EVENTS, 100);
const WARM_UP_EVENTS = Math.min(EVENTS, 40);
const HEALTHY = ["/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8"];
const SICK = ["/hanging", "/resetting"];
const TIERS = { free: { ...WIDE_LIMITS, activeJobs: 1000, endpoints: 20, changesPerMinute: 100_000 } };

/** Work on a cloud of its own: what others left in Firestore would slow it down, since the emulator has no indexes. */
async function onCloud<T>(receiver: Receiver, work: (cloud: LocalCloud, team: Owner) => Promise<T>): Promise<T> {
  const env = { TIERS: JSON.stringify(TIERS) };
  const codebases = await buildTestBundles();
  const cloud = await startLocalCloud({ ports: "auto", console: false, codebases, env, webhookPorts: "any" });
  try {
    return await work(cloud, await openOwner(cloud, "team", receiver));
  } finally {
    await cloud.stop();
  }
}

const calmly = (receiver: Receiver) =>
  onCloud(receiver, async (cloud, team) => {
    await team.addEndpoint("/single");
    const calm = { events: CALM_EVENTS, perSecond: EVENTS_PER_SECOND, paths: ["/single"] };
    await run(cloud, receiver, team, { ...calm, events: 10 });
    return run(cloud, receiver, team, calm);
  });

const newEndpoints = (team: Owner, paths: string[]) =>
  Promise.all(paths.map(async (path) => ({ path, endpointId: await team.addEndpoint(path) })));

/**
 * Opens two clouds: on the first eight endpoints are alone, on the second they are beside sick ones, from after the
 * warm-up on.
 */
async function onTwoClouds(work: (turn: (sickFirst: boolean) => Promise<Turn>) => Promise<void>): Promise<object[]> {
  const receivers = await Promise.all([startReceiver(), startReceiver()]);
  const [receiver, other] = receivers;
  try {
    return await onCloud(receiver, (cloud, team) =>
      onCloud(other, async (otherCloud, otherTeam) => {
        await Promise.all([newEndpoints(team, HEALTHY), newEndpoints(otherTeam, HEALTHY)]);
        const runAlone = (events: number) => run(cloud, receiver, team, phaseOf(events));
        const runBeside = (events: number) => run(otherCloud, other, otherTeam, phaseOf(events));
        await runAlone(WARM_UP_EVENTS);
        await runBeside(WARM_UP_EVENTS);
        const sick = await newEndpoints(otherTeam, SICK);
        await work(async (sickFirst) => {
          const early = sickFirst ? await runBeside(EVENTS_PER_TURN) : undefined;
          const alone = await runAlone(EVENTS_PER_TURN);
          return { alone, beside: early ?? (await runBeside(EVENTS_PER_TURN)) };
        });
        return Promise.all(
          sick.map(async ({ path, endpointId }) => ({ path, ...(await statesOf(otherCloud, endpointId)) })),
        );
      }),
    );
  } finally {
    await Promise.all(receivers.map((one) => one.stop()));
  }
}

const phaseOf = (events: number) => ({ events, perSecond: EVENTS_PER_SECOND, paths: HEALTHY });

/** The same number of events on both clouds, one after the other. */
interface Turn {
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
  const turns: Turn[] = [];
  const sick = await onTwoClouds(async (turn) => {
    for (let i = 0; i < TURNS; i++) {
      turns.push(await turn(i % 2 === 1));
      if ((i + 1) % 10 === 0) console.log(`turn ${i + 1} of ${TURNS} is over`);
    }
  });
  const [alone, beside] = [turns.map((turn) => turn.alone), turns.map((turn) => turn.beside)];
  const rows = {
    "one endpoint, calm": rowOf([calm]),
    "eight endpoints": rowOf(alone),
    "eight beside two sick": rowOf(beside),
  };
  const attempts = beside.flatMap(({ arrivals }) => arrivals).map(({ path }) => path);
  return {
    rows,
    sick: sick.map((one, i) => ({ ...one, attempts: attempts.filter((path) => path === SICK[i]).length })),
    p95Ratio: round(p95Of(beside) / p95Of(alone)),
    medianOfTurnsP95Ms: { alone: medianP95(alone), beside: medianP95(beside) },
    turns: turns.map((turn) => ({ p95Ratio: round(p95Of([turn.beside]) / p95Of([turn.alone])) })),
  };
}

/** A figure that a stall of the machine in a few turns does not change. */
function medianP95(runs: readonly Run[]): number {
  return percentile(
    runs.map((one) => p95Of([one])),
    50,
  );
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const result = await measure();
console.table(result.rows);
console.table(result.sick);
const { alone, beside } = result.medianOfTurnsP95Ms;
console.log(`p95 beside the sick / p95 alone: ${result.p95Ratio}`);
console.log(`the median turn: p95 ${beside} ms beside the sick, ${alone} ms alone: ${round(beside / alone)}`);
await store("webhooks", { eventsPerSecond: EVENTS_PER_SECOND, ...result });
