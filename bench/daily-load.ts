import { availableParallelism } from "node:os";
import type { JobView } from "@baton/protocol";
import { type QueueOptions, queuesOf } from "../engine/src/job-types/queue.ts";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { MADE_SITES } from "../test/support/sites/index.ts";
import type { MadeSite } from "../test/support/sites/made-site.ts";
import { type ServedSites, serveSites } from "../test/support/sites/serve-sites.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { type JobOwner, openJobOwner } from "./job-owner.ts";
import { completedOf, extrapolate, millisOf, timesOf } from "./job-times.ts";
import { PLAIN_COMMENTS } from "./plain-comments.ts";
import { percentile, round, store, sum } from "./results.ts";
import { submitSteadily } from "./submit-steadily.ts";
import { type Usage, watchProcesses } from "./watch-processes.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/daily-load.ts`: three loads of systems that handle 96,000 jobs a day, one after the other on the local
 * cloud: 50 analyses a minute for two minutes, 20 small jobs a second for half a minute, and 40 scrapes at once, of
 * which one meets a host that takes 2 s for each answer. Measures how long jobs wait for a worker and run, and
 * extrapolates the rates to a day. Prints it and stores `bench/results/daily-load.json`. Exits with 1 when a job
 * failed or was lost. Three to four minutes, at most six.
 */

const JOBS_PER_DAY = 96_000;
const SLOW_ANSWER_MS = 2000;
/** A job that is not final this long after the start of the program counts as lost. */
const GIVE_UP_MS = 300_000;
const TIERS = JSON.stringify({ free: { ...WIDE_LIMITS, activeJobs: 10_000 } });

const SLOW_SITE = "brightleaf";
const SCRAPED_SITES = MADE_SITES.slice(0, 40);
/** Scraped before the loads begin: the worker has its processes and connections then. */
const WARM_UP_SITES = MADE_SITES.slice(40, 44);

/** Jobs that are submitted at an even pace. */
interface Load {
  submissions: object[];
  perSecond: number;
}

const analysis = { type: "video.analysis", input: { comments: PLAIN_COMMENTS } };
const small = { type: "test.echo", input: { text: "a message" } };

function loadsOn(sites: ServedSites): Record<string, Load> {
  return {
    "50 analyses a minute": { submissions: Array<object>(100).fill(analysis), perSecond: 50 / 60 },
    "20 small jobs a second": { submissions: Array<object>(600).fill(small), perSecond: 20 },
    "40 scrapes at once": { submissions: scrapesOf(sites, SCRAPED_SITES), perSecond: Number.POSITIVE_INFINITY },
  };
}

/** A scrape of each site, without the stage `financial`, which asks a server outside this machine. */
function scrapesOf({ urlOf }: ServedSites, sites: readonly MadeSite[]): object[] {
  const stages = ["overview", "contacts", "people", "news"];
  return sites.map((site) => ({ type: "company.scrape", input: { url: urlOf(site), stages } }));
}

/** The jobs of a load, in the order of submission, and what the load took of the machine. */
interface Ran {
  jobs: JobView[];
  usage: Pick<Usage, "cpuPercent" | "stolenPercent">;
}

async function run(cloud: LocalCloud, owner: JobOwner, { submissions, perSecond }: Load): Promise<Ran> {
  const watched = await watchProcesses([], cloud.functionPid);
  const jobIds = await submitSteadily((n) => owner.submit(submissions[n] ?? {}), submissions.length, perSecond);
  const jobs: JobView[] = [];
  for (const jobId of jobIds) jobs.push(await owner.whenFinal(jobId, GIVE_UP_MS));
  const { cpuPercent, stolenPercent } = await watched();
  return { jobs, usage: { cpuPercent, stolenPercent } };
}

async function measure(): Promise<Record<string, Ran>> {
  const sites = await serveSites(({ name }) => (name === SLOW_SITE ? SLOW_ANSWER_MS : 0));
  const codebases = await buildTestBundles();
  const cloud = await startLocalCloud({
    ports: "auto",
    console: false,
    codebases,
    env: { TIERS },
    webhookPorts: "any",
  });
  try {
    const owner = await openJobOwner(cloud, "team");
    const warmUps = [analysis, small, ...scrapesOf(sites, WARM_UP_SITES)];
    await run(cloud, owner, { submissions: warmUps, perSecond: Number.POSITIVE_INFINITY });
    const ran: Record<string, Ran> = {};
    for (const [name, load] of Object.entries(loadsOn(sites))) {
      console.log(`${name} ...`);
      ran[name] = await run(cloud, owner, load);
    }
    return ran;
  } finally {
    await cloud.stop();
    await sites.stop();
  }
}

/** From submission to the end, for the scrape of the slow host and for those beside it. */
function besideSlowHost(scrapes: readonly JobView[]) {
  const isSlow = (n: number) => SCRAPED_SITES[n]?.name === SLOW_SITE;
  const row = (jobs: readonly JobView[]) => {
    const millis = millisOf(completedOf(jobs), "createdAt", "finishedAt");
    const [p50, p95, max] = [50, 95, 100].map((percent) => percentile(millis, percent));
    return { jobs: jobs.length, "p50 ms": p50, "p95 ms": p95, "max ms": max };
  };
  return {
    "the slow host": row(scrapes.filter((_, n) => isSlow(n))),
    "the others": row(scrapes.filter((_, n) => !isSlow(n))),
  };
}

function assumptionsOf(queue: QueueOptions) {
  return {
    measured: `one machine of ${availableParallelism()} cores, which emulators, functions, this program and others share`,
    worker: "one process, which runs up to 100 jobs at a time",
    rate: "from the first submission to the last end; a load that comes slowly is not the most the machine can do",
    factor: `the day's jobs at this rate, over ${JOBS_PER_DAY} jobs a day (${round(JOBS_PER_DAY / 86_400)} a second)`,
    arrivals: "evenly over the day; a peak of k times the mean rate takes k times the instances",
    "length of a job": "the mean run of this load, on this machine; an answer of a real site takes longer",
    production: `instances of ${queue.concurrency} jobs at a time, at most ${queue.maxInstances}: queue default`,
  };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const ran = await measure();
const mapRan = <T>(row: (one: Ran) => T) =>
  Object.fromEntries(Object.entries(ran).map(([name, one]) => [name, row(one)]));
const { default: queue } = queuesOf({});
if (queue === undefined) throw new Error("there is no default queue");
const rows = mapRan(({ jobs, usage }) => ({ ...timesOf(jobs), ...usage }));
const slowHost = besideSlowHost(ran["40 scrapes at once"]?.jobs ?? []);
const perDay = mapRan(({ jobs }) => extrapolate(jobs, JOBS_PER_DAY, Number(queue.concurrency)));
const assumptions = assumptionsOf(queue);
for (const table of [rows, slowHost, perDay, assumptions]) console.table(table);
await store("daily-load", { rows, slowHost, perDay, assumptions });
const missing = sum(Object.values(rows).map(({ failed, lost }) => failed + lost));
if (missing > 0) {
  console.error(`${missing} jobs failed or were lost`);
  process.exitCode = 1;
}
