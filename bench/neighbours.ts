import type { JobView } from "@baton/protocol";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { HOSTILE } from "./hostile-comments.ts";
import { openJobOwner } from "./job-owner.ts";
import { PLAIN_COMMENTS } from "./plain-comments.ts";
import { percentile, round, store } from "./results.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/neighbours.ts`: how long short jobs of one owner take from submission to their end, alone and beside
 * three hostile jobs of another owner that never stop coming. The two phases take turns, on the local cloud with one
 * worker of four jobs at a time, as one instance has. Counts the attempts that the short jobs lost. Prints it and
 * stores `bench/results/neighbours.json`. Two minutes.
 */

const ROUNDS = 5;
const JOBS_OF_A_ROUND = 12;
const ATTACKERS = 3;
const ATTACK_BYTES = 400_000;
const INSTANCE_JOBS = 4;
const TIERS = JSON.stringify({ free: { ...WIDE_LIMITS, activeJobs: 10_000 } });

const NEIGHBOURS: Record<string, object> = {
  "a job of a few milliseconds": { type: "chaos.short", input: { n: 0 } },
  "an analysis of 65 comments": { type: "video.analysis", input: { comments: PLAIN_COMMENTS } },
};
/** The kinds that cost the most. */
const ATTACKS = ["made-up nouns, each twice", "one noun with many", "unique nonsense words", "tags"].map((kind) => ({
  type: "video.analysis",
  input: { comments: HOSTILE[kind]?.(ATTACK_BYTES) },
}));

/** Submits a job and answers how it ended. */
type Run = (submission: object) => Promise<JobView>;

async function runnerFor(cloud: LocalCloud, name: string): Promise<Run> {
  const owner = await openJobOwner(cloud, name);
  return async (submission) => {
    const job = await owner.whenFinal(await owner.submit(submission));
    if (job.status !== "completed") throw new Error(`A job ended as ${job.status}: ${JSON.stringify(job.error)}`);
    return job;
  };
}

interface Samples {
  ms: number[];
  lostAttempts: number;
}

async function sample(run: Run, submission: object, { ms, lostAttempts }: Samples): Promise<Samples> {
  const job = await run(submission);
  const took = Date.parse(job.finishedAt ?? "") - Date.parse(job.createdAt);
  return { ms: [...ms, took], lostAttempts: lostAttempts + job.attempt - 1 };
}

/** Keeps hostile jobs at work until the signal aborts; resolves with how many ended. */
async function attack(run: Run, signal: AbortSignal): Promise<number> {
  let ended = 0;
  const keepOn = async (first: number) => {
    for (let n = first; !signal.aborted; n++) {
      await run(ATTACKS[n % ATTACKS.length] ?? {});
      ended++;
    }
  };
  await Promise.all(Array.from({ length: ATTACKERS }, (_, n) => keepOn(n)));
  return ended;
}

async function measure(neighbour: Run, attacker: Run) {
  const none = { ms: [], lostAttempts: 0 };
  const found = Object.entries(NEIGHBOURS).map(([name, submission]) => {
    return { name, submission, alone: none as Samples, beside: none as Samples };
  });
  // As many processes of the worker as it has jobs at a time, and the emulators.
  await Promise.all([...ATTACKS.map(attacker), ...found.map(({ submission }) => neighbour(submission))]);
  const analysis = found.at(-1)?.submission ?? {};
  await Promise.all(Array.from({ length: INSTANCE_JOBS }, (_, n) => (n % 2 ? attacker : neighbour)(analysis)));
  let attacks = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of found) {
      for (let n = 0; n < JOBS_OF_A_ROUND; n++) one.alone = await sample(neighbour, one.submission, one.alone);
    }
    const stop = new AbortController();
    const attacking = attack(attacker, stop.signal);
    for (const one of found) {
      for (let n = 0; n < JOBS_OF_A_ROUND; n++) one.beside = await sample(neighbour, one.submission, one.beside);
    }
    stop.abort();
    attacks += await attacking;
  }
  return { attacks, found };
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const cloud = await startLocalCloud({
  ports: "auto",
  console: false,
  codebases: await buildTestBundles(),
  env: { TIERS },
  maxConcurrency: INSTANCE_JOBS,
});
try {
  const { attacks, found } = await measure(await runnerFor(cloud, "neighbour"), await runnerFor(cloud, "attacker"));
  const rows = Object.fromEntries(
    found.map(({ name, alone, beside }) => {
      const [p50, p95] = [50, 95].map((percent) => [percentile(alone.ms, percent), percentile(beside.ms, percent)]);
      const ratio = ([one = 0, other = 0]: number[] = []) => round(other / one);
      const times = {
        "alone p50 ms": p50?.[0],
        "beside p50 ms": p50?.[1],
        "alone p95 ms": p95?.[0],
        "beside p95 ms": p95?.[1],
        "beside max ms": Math.max(...beside.ms),
      };
      const lost = alone.lostAttempts + beside.lostAttempts;
      return [
        name,
        { jobs: beside.ms.length, ...times, "p50 times": ratio(p50), "p95 times": ratio(p95), "lost attempts": lost },
      ];
    }),
  );
  console.table(rows);
  console.log(`${attacks} hostile jobs of ${ATTACK_BYTES / 1000} kB ended meanwhile`);
  await store("neighbours", { attackers: ATTACKERS, attackBytes: ATTACK_BYTES, attacks, rows });
} finally {
  await cloud.stop();
}
