import { createEngine } from "../../../../engine/src/jobs/engine.ts";
import type { DueJob } from "../../../../engine/src/jobs/ports.ts";
import { isFinal, type Job } from "../../../../engine/src/jobs/rules/job.ts";
import { isWaiting } from "../../../../engine/src/jobs/sweep/due-jobs.ts";
import { ALL_SHARDS } from "../../../../engine/src/kit/shard.ts";
import { submissionOf } from "./requests.ts";
import type { Action, Line, Request, Work } from "./script.ts";
import { skewedClock } from "./skewed-clock.ts";
import { unreliablePubSub } from "./unreliable-pubsub.ts";
import { watchedStore } from "./watched-store.ts";
import { workersOf } from "./workers.ts";

/** Two seconds before a minute and a day end. */
const START = Date.parse("2026-01-01T23:59:58.000Z");
const NO_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A store, a Pub/Sub and some workers, on the engine's own rules. */
export function newWorld() {
  const parts = newParts();
  const { store, pubsub, clock, workers } = parts;
  const jobs = (): Job[] => [...store.current.values()];
  return {
    store,
    messages: pubsub.messages,
    jobs,
    now: clock.worldMs,
    /**
     * Performs one line of the script. A call that a broken store refuses is repeated by a later line, or by the sweep.
     */
    play({ action, skewMs }: Line) {
      clock.setAhead(skewMs);
      return act(parts, action).catch(() => undefined);
    },
    /** Nothing breaks any more. Who was at work does not come back, and Pub/Sub may have lost all it had. */
    calm({ areMessagesLost }: { areMessagesLost: boolean }) {
      pubsub.setMode("works");
      store.breakNext("early", 0);
      workers.abandonAll();
      if (areMessagesLost) pubsub.loseAll();
    },
    pass: clock.pass,
    sweep() {
      clock.setAhead(0);
      return sweep(parts);
    },
    /** Workers end what they have, and take every message until none is left that does any good. */
    drain(ending: Work) {
      clock.setAhead(0);
      return drain(parts, ending);
    },
    isQuiet: () => jobs().every(({ status }) => isFinal(status)),
  };
}

export type World = ReturnType<typeof newWorld>;

/** One process. Its engine groups what its callers ask at the same moment. */
function newParts() {
  const store = watchedStore();
  const pubsub = unreliablePubSub();
  const clock = skewedClock(START);
  const engine = createEngine({ jobs: store, publisher: pubsub.publisher, log: NO_LOG, clock });
  const workers = workersOf({ store, engine, clock, messages: pubsub.messages });
  let submitted = 0;
  return { store, pubsub, clock, engine, workers, nextJobId: () => `job-${++submitted}` };
}

type Parts = ReturnType<typeof newParts>;

async function act(parts: Parts, action: Action): Promise<void> {
  const { store, pubsub, clock, engine, workers } = parts;
  switch (action.kind) {
    case "submit":
      return submit(parts, action);
    case "deliver": {
      const jobId = pubsub.take(action.pick, action.isRepeated);
      return jobId === undefined ? undefined : workers.deliver(jobId);
    }
    case "work":
      return workers.workOn(action.pick, action.work);
    case "cancel":
    case "bury": {
      const jobIds = [...store.current.keys()];
      const jobId = jobIds[action.pick % jobIds.length];
      if (jobId !== undefined) await engine.move(jobId, { kind: action.kind });
      return;
    }
    case "sweep":
      return sweep(parts);
    case "wake":
      return wakeAll(parts);
    case "jump":
      return clock.pass(action.ms);
    case "pubsub":
      return pubsub.setMode(action.mode);
    case "store":
      store.breakNext(action.fault, action.calls);
  }
}

async function submit({ store, clock, engine, nextJobId }: Parts, request: Request): Promise<void> {
  const submission = submissionOf(request, clock.now(), nextJobId());
  const answer = await store.submit(submission, null, clock.now());
  if (answer.outcome === "accepted") await engine.perform(answer.job, answer.effects);
}

/**
 * Moves on every job whose time has come by the process's clock, as function `wake` does; one that breaks is the
 * sweep's.
 */
async function wakeAll({ pubsub, clock, engine }: Parts): Promise<void> {
  for (const jobId of pubsub.takeDueWakes(clock.now())) await engine.recheck(jobId).catch(() => undefined);
}

async function sweep(parts: Parts): Promise<void> {
  const due = await parts.store.listDue(ALL_SHARDS, parts.clock.now(), 1000).catch(() => []);
  for (const job of due) await lookAt(parts, job).catch(() => undefined);
}

/** The sweep's call for a job that is due. */
async function lookAt({ engine }: Parts, job: DueJob): Promise<void> {
  if (isWaiting(job)) return void (await engine.promote(job.jobId));
  await engine.move(job.jobId, { kind: "republish" });
}

async function drain(parts: Parts, ending: Work): Promise<void> {
  const { store, pubsub, workers } = parts;
  for (let before = -1; before < store.moves.length; ) {
    before = store.moves.length;
    await workers.endAll(ending);
    await wakeAll(parts);
    for (const jobId of pubsub.messages.splice(0)) {
      await workers.deliver(jobId);
      await workers.endAll(ending);
    }
  }
}
