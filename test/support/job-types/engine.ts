import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { defineJob, type JobType, RetryAfterError } from "../../../engine/src/job-types/define-job.ts";
import { meet, meetNeighbour } from "./meet.ts";

const Key = z.object({ key: z.string() });

/** Inputs and outputs of the types of this file, for a client. */
export interface EngineJobs {
  "engine.stepped": { input: { key: string; steps: number; stepMs: number }; output: { steps: number } };
  "engine.parallel": { input: { key: string; steps: number }; output: { sum: number } };
  "engine.blocking": { input: { key: string; ms: number }; output: { attempt: number } };
  "engine.neighbour": { input: { key: string }; output: { attempt: number } };
  "engine.committing": { input: { key: string }; output: { count: number } };
  "engine.exiting": { input: { key: string }; output: null };
  "engine.sleeping": { input: { key: string; sleepMs: number }; output: { sleptMs: number } };
  "engine.waiting": { input: { key: string }; output: null };
  "engine.cleaning": { input: { key: string }; output: null };
  "engine.retry-after": { input: { key: string; afterMs: number }; output: { attempt: number } };
}

/** Leaves a trace of `what` a handler did with the job of `key`. */
type Trace = (key: string, what: string) => Promise<void>;

const RETRY = { maxAttempts: 3, minDelayMs: 200, maxDelayMs: 1000 };

/**
 * Job types for the tests of the engine. A handler leaves traces: requests for the video `<key>-<what>` to the fake
 * YouTube server at `baseUrl`, which counts.
 */
export function engineTypes(baseUrl: string): readonly JobType[] {
  const trace: Trace = async (key, what) => {
    await fetch(`${baseUrl}/videos?id=${encodeURIComponent(`${key}-${what}`)}`);
  };
  return [
    stepped(trace),
    parallel(trace),
    blocking(trace),
    neighbour,
    committing(trace),
    exiting(trace),
    sleeping(trace),
    waiting,
    cleaning(trace),
    retryAfter,
  ];
}

const stepped = (trace: Trace) =>
  defineJob({
    type: "engine.stepped",
    input: Key.extend({ steps: z.int(), stepMs: z.int() }),
    output: z.object({ steps: z.int() }),
    retry: RETRY,
    async run({ step }, { key, steps, stepMs }) {
      let done = 0;
      for (let i = 1; i <= steps; i++) {
        const work = async () => {
          await trace(key, `step-${i}`);
          await pause(stepMs);
          return 1;
        };
        done += await step(`step ${i}`, work, { progress: i / steps, output: z.int() });
      }
      return { steps: done };
    },
  });

const parallel = (trace: Trace) =>
  defineJob({
    type: "engine.parallel",
    input: Key.extend({ steps: z.int() }),
    output: z.object({ sum: z.int() }),
    retry: RETRY,
    async run({ step }, { key, steps }) {
      const works = Array.from({ length: steps }, (_, i) =>
        step(`work ${i}`, async () => {
          await trace(key, `work-${i}`);
          await pause((i * 7) % 3000);
          return i;
        }),
      );
      return { sum: (await Promise.all(works)).reduce((sum, i) => sum + i, 0) };
    },
  });

/** Leaves the thread that it runs in to nothing else, once its neighbour of the same key is at work in a step. */
const blocking = (trace: Trace) =>
  defineJob({
    type: "engine.blocking",
    input: Key.extend({ ms: z.int() }),
    output: z.object({ attempt: z.int() }),
    retry: RETRY,
    async run({ attempt, sleep }, { key, ms }) {
      await meetNeighbour(key, sleep);
      await trace(key, "blocks");
      await meet(`${key} at work`).met;
      const endsAt = performance.now() + ms;
      while (performance.now() < endsAt);
      return { attempt };
    },
  });

const neighbour = defineJob({
  type: "engine.neighbour",
  input: Key,
  output: z.object({ attempt: z.int() }),
  retry: RETRY,
  async run({ attempt, sleep, step }, { key }) {
    await meetNeighbour(key, sleep);
    await step("work", async () => {
      await meet(`${key} at work`).met;
      await pause(1000);
    });
    return { attempt };
  },
});

/** Its first attempt hangs after the commit. */
const committing = (trace: Trace) =>
  defineJob({
    type: "engine.committing",
    input: Key,
    output: z.object({ count: z.int() }),
    retry: RETRY,
    async run({ commit, attempt, signal }, { key }) {
      const count = await commit("count", async (tx) => {
        const count = Number((await tx.get(`engineCounters/${key}`))?.count ?? 0) + 1;
        tx.set(`engineCounters/${key}`, { count });
        return count;
      });
      await trace(key, "committed");
      if (attempt === 1) await pause(60_000, undefined, { signal });
      return { count };
    },
  });

const exiting = (trace: Trace) =>
  defineJob({
    type: "engine.exiting",
    input: Key,
    output: z.null(),
    retry: { ...RETRY, maxAttempts: 2 },
    async run(_context, { key }) {
      await trace(key, "exits");
      process.exit(7);
    },
  });

const sleeping = (trace: Trace) =>
  defineJob({
    type: "engine.sleeping",
    input: Key.extend({ sleepMs: z.int() }),
    output: z.object({ sleptMs: z.number() }),
    retry: RETRY,
    async run({ step, sleep }, { key, sleepMs }) {
      await trace(key, "runs");
      const from = await step("begin", () => Date.now());
      await sleep(sleepMs, "nap");
      return { sleptMs: Date.now() - from };
    },
  });

const waiting = defineJob({
  type: "engine.waiting",
  input: Key,
  output: z.null(),
  retry: RETRY,
  async run({ signal }) {
    await pause(60_000, undefined, { signal });
    return null;
  },
});

const cleaning = (trace: Trace) =>
  defineJob({
    type: "engine.cleaning",
    input: Key,
    output: z.null(),
    retry: RETRY,
    async run({ signal, step }, { key }) {
      await step("reserve", () => "seat-7");
      await trace(key, "reserved");
      await pause(60_000, undefined, { signal });
      return null;
    },
    async onCancel({ stepOutput }, { key }) {
      await trace(key, `gave-back-${await stepOutput("reserve")}`);
    },
  });

const retryAfter = defineJob({
  type: "engine.retry-after",
  input: Key.extend({ afterMs: z.int() }),
  output: z.object({ attempt: z.int() }),
  async run({ attempt }, { afterMs }) {
    if (attempt === 1) throw new RetryAfterError("busy", "It asked to come back later.", { afterMs });
    return { attempt };
  },
});
