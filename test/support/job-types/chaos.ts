import { setTimeout as pause } from "node:timers/promises";
import { FieldValue, Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import {
  defineJob,
  type JobType,
  PermanentError,
  RetryAfterError,
  RetryableError,
} from "../../../engine/src/job-types/define-job.ts";
import { contested } from "./chaos-contested.ts";

/** Short enough for a run of thousands; the delays are those of a cloud whose minute is seconds. */
const retry = { maxAttempts: 4, minDelayMs: 200, maxDelayMs: 2000 };

const short = defineJob({
  type: "chaos.short",
  input: z.object({ n: z.int() }),
  output: z.object({ n: z.int() }),
  retry,
  async run({ progress }, { n }) {
    progress(0.5, "half");
    await pause(n % 40);
    return { n };
  },
});

/** Each of its steps adds one to a document of its own, in the transaction that remembers the step. */
const stepped = defineJob({
  type: "chaos.stepped",
  input: z.object({ steps: z.int(), stepMs: z.int() }),
  output: z.object({ count: z.int() }),
  retry: { ...retry, maxAttempts: 8 },
  async run({ jobId, step, commit, progress }, { steps, stepMs }) {
    let count = 0;
    for (let i = 1; i <= steps; i++) {
      await step(`work ${i}`, () => pause(stepMs));
      count = await commit(`count ${i}`, async (tx) => {
        const path = `chaosCounters/${jobId}`;
        const before = z
          .object({ count: z.int() })
          .optional()
          .parse(await tx.get(path));
        tx.set(path, { count: (before?.count ?? 0) + 1 });
        return (before?.count ?? 0) + 1;
      });
      progress(i / steps);
    }
    return { count };
  },
});

/** Steps side by side, and commits side by side that each add one to a document of its own. */
const parallel = defineJob({
  type: "chaos.parallel",
  input: z.object({ steps: z.int(), adds: z.int() }),
  output: z.object({ sum: z.int() }),
  retry: { ...retry, maxAttempts: 8 },
  async run({ jobId, step, commit }, { steps, adds }) {
    const path = `chaosCounters/${jobId}`;
    const work = async (i: number) => {
      await pause((i * 7) % 400);
      return i;
    };
    const addAll = async () => {
      await commit("open", (tx) => tx.set(path, { count: 0 }));
      const add = { count: FieldValue.increment(1) };
      await Promise.all(Array.from({ length: adds }, (_, i) => commit(`add ${i}`, (tx) => tx.update(path, add))));
    };
    const [done] = await Promise.all([
      Promise.all(Array.from({ length: steps }, (_, i) => step(`work ${i}`, () => work(i)))),
      addAll(),
    ]);
    return { sum: done.reduce((sum, i) => sum + i, 0) };
  },
});

const failing = defineJob({
  type: "chaos.failing",
  input: z.object({ failures: z.int(), isPermanent: z.boolean() }),
  output: z.null(),
  retry,
  async run({ attempt }, { failures, isPermanent }) {
    if (isPermanent) throw new PermanentError("chaos-permanent", "This job was made to fail.");
    if (attempt <= failures) throw new RetryableError("chaos-failure", "This attempt was made to fail.");
    return null;
  },
});

const sleeping = defineJob({
  type: "chaos.sleeping",
  input: z.object({ sleepMs: z.int() }),
  output: z.null(),
  retry: { ...retry, maxAttempts: 6 },
  async run({ sleep }, { sleepMs }) {
    await sleep(sleepMs);
    await sleep(sleepMs / 2);
    return null;
  },
});

/**
 * Appends its number to the list of its key, under its lease: the list is the order in which the jobs of the key ran.
 */
const ordered = defineJob({
  type: "chaos.ordered",
  input: z.object({ key: z.string(), seq: z.int() }),
  output: z.object({ seq: z.int() }),
  retry,
  async run({ commit, attempt }, { key, seq }) {
    if (attempt === 1 && seq % 7 === 3) throw new RetryableError("chaos-failure", "The first attempt fails.");
    await commit("append", async (tx) => {
      const path = `chaosLists/${key}`;
      const before = z
        .object({ seqs: z.array(z.int()) })
        .optional()
        .parse(await tx.get(path));
      tx.set(path, { seqs: [...(before?.seqs ?? []), seq] });
      return null;
    });
    return { seq };
  },
});

/** Runs until it is cancelled, or four seconds. */
const cancelled = defineJob({
  type: "chaos.cancelled",
  input: z.object({}),
  output: z.null(),
  retry,
  async run({ signal }) {
    await pause(4000, undefined, { signal });
    return null;
  },
});

/** Opened by the first clean-up: the API, too, reads these types. */
let database: Firestore | undefined;

/** Waits in one of three ways, and is cancelled meanwhile; `chaosCleanUps/{jobId}` counts its clean-ups. */
const waiting = defineJob({
  type: "chaos.waiting",
  input: z.object({ wait: z.enum(["sleep", "backoff", "work"]), ms: z.int() }),
  output: z.null(),
  retry: { ...retry, maxAttempts: 8 },
  async run({ attempt, signal, sleep }, { wait, ms }) {
    if (wait === "sleep") await sleep(ms);
    else if (wait === "work") await pause(Math.min(ms, 4000), undefined, { signal });
    else if (attempt === 1) throw new RetryAfterError("chaos-failure", "It asked to come back later.", { afterMs: ms });
    return null;
  },
  async onCancel({ jobId }) {
    database ??= new Firestore();
    await database.doc(`chaosCleanUps/${jobId}`).set({ count: FieldValue.increment(1) }, { merge: true });
  },
});

/** Shares its output with equal jobs, unless it fails: then each of them runs. */
const cached = defineJob({
  type: "chaos.cached",
  input: z.object({ n: z.int(), isPermanent: z.boolean() }),
  output: z.object({ n: z.int(), ranAs: z.string() }),
  retry,
  // Longer than any run: an entry that ends within one is followed by another output, which is right.
  cache: { ttlMs: 7_200_000, version: "1" },
  async run({ jobId }, { n, isPermanent }) {
    await pause(100);
    if (isPermanent) throw new PermanentError("chaos-permanent", "This job was made to fail.");
    return { n, ranAs: jobId };
  },
});

/** Ends its process, and with that every other job there: it has a queue of its own. */
const crashing = defineJob({
  type: "chaos.crashing",
  queue: "heavy",
  input: z.object({ crashes: z.int() }),
  output: z.null(),
  retry: { ...retry, maxAttempts: 3 },
  async run({ attempt }, { crashes }) {
    if (attempt <= crashes) process.exit(13);
    return null;
  },
});

/** The job types of a chaos run; each handler leaves traces that show how often, and in which order, it took effect. */
export const chaosTypes: readonly JobType[] = [
  short,
  stepped,
  contested,
  parallel,
  failing,
  sleeping,
  ordered,
  cancelled,
  waiting,
  cached,
  crashing,
];
