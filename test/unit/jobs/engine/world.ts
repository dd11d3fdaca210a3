import { createEngine, type Engine } from "../../../../engine/src/jobs/engine.ts";
import type { DueJob } from "../../../../engine/src/jobs/ports.ts";
import { isFinal, type Job } from "../../../../engine/src/jobs/rules/job.ts";
import { isWaiting } from "../../../../engine/src/jobs/sweep/due-jobs.ts";
import type { Clock } from "../../../../engine/src/kit/ports.ts";
import { ALL_SHARDS } from "../../../../engine/src/kit/shard.ts";
import { eventOf, LEASE_MS, submissionOf } from "./requests.ts";
import type { Action, Line, PubSubMode, Request, Work } from "./script.ts";
import { watchedStore } from "./watched-store.ts";

/** An attempt as its worker sees it. `isOver`: the worker is done with it, or dead; what it still says comes late. */
interface Attempt {
  jobId: string;
  leaseId: string;
  isOver: boolean;
}

/** One process. */
interface Ports {
  clock: Clock;
  engine: Engine;
}

/** Two seconds before a minute and a day end. */
const START = Date.parse("2026-01-01T23:59:58.000Z");
const NO_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A store, a Pub/Sub and some workers, on the engine's own rules. */
export function newWorld() {
  const store = watchedStore();
  const messages: string[] = [];
  const wakes: { jobId: string; at: number }[] = [];
  const attempts: Attempt[] = [];
  let now = START;
  let mode: PubSubMode = "works";
  let ids = 0;

  async function publish(send: () => void) {
    if (mode === "fails") throw new Error("Pub/Sub cannot be reached");
    if (mode !== "loses") send();
    if (mode === "duplicates") send();
    if (mode === "unsure") throw new Error("the answer of Pub/Sub was lost");
  }
  const publisher = {
    publishJob: (_: string, { jobId }: { jobId: string }) => publish(() => messages.push(jobId)),
    publishWake: ({ jobId, at }: { jobId: string; at: string }) =>
      publish(() => wakes.push({ jobId, at: Date.parse(at) })),
    publishDeadLetter: async () => undefined,
  };
  // The engine of one process: what its callers ask at the same moment is grouped. Its clock is that of the last call.
  let aheadMs = 0;
  const clock = { now: () => new Date(now + aheadMs), after: () => () => undefined };
  const process: Ports = { clock, engine: createEngine({ jobs: store, publisher, log: NO_LOG, clock }) };
  const portsAt = (skewMs: number): Ports => {
    aheadMs = skewMs;
    return process;
  };
  const pickOf = <T>(all: readonly T[], pick: number): T | undefined => all[pick % all.length];

  async function submit(ports: Ports, request: Request) {
    const submission = submissionOf(request, ports.clock.now(), `job-${++ids}`);
    const answer = await store.submit(submission, null, ports.clock.now());
    if (answer.outcome !== "accepted") return;
    await ports.engine.perform(answer.job, answer.effects);
  }

  /** The worker's part: every message that reached the store has served. */
  async function deliver(ports: Ports, jobId: string) {
    const leaseId = `lease-${++ids}`;
    try {
      const claim = await store.claim(jobId, { leaseId, leaseMs: LEASE_MS }, ports.clock.now());
      if (claim.outcome === "refused" && claim.reason === "leased") {
        await ports.engine.perform(claim.job, [{ kind: "wake", at: claim.until }]);
      }
      if (claim.outcome !== "moved") return;
      await ports.engine.perform(claim.job, claim.effects);
      if (claim.job.status === "processing") attempts.push({ jobId, leaseId, isOver: false });
    } catch {
      messages.push(jobId);
    }
  }

  async function work(ports: Ports, attempt: Attempt, doing: Work) {
    const { jobId, leaseId } = attempt;
    // A worker stops for a cancel only when it was told of one.
    if (doing.does === "stop" && !store.current.get(jobId)?.cancelRequested) return;
    const wasOver = attempt.isOver;
    attempt.isOver ||= doing.does !== "progress";
    if (doing.does === "die") {
      if (!wasOver && !doing.isMessageLost) messages.push(jobId);
      return;
    }
    try {
      await ports.engine.move(jobId, eventOf(doing, leaseId, ports.clock.now()));
    } catch {
      if (!wasOver && attempt.isOver) messages.push(jobId);
    }
  }

  /** Moves on every job whose time has come by the clock of `ports`, as function `wake` does; one that breaks is the sweep's. */
  async function wakeAll(ports: Ports) {
    const nowMs = ports.clock.now().getTime();
    const due = wakes.filter(({ at }) => at <= nowMs);
    wakes.splice(0, wakes.length, ...wakes.filter(({ at }) => at > nowMs));
    for (const { jobId } of due) await ports.engine.recheck(jobId).catch(() => undefined);
  }

  async function sweep(ports: Ports) {
    const due = await store.listDue(ALL_SHARDS, ports.clock.now(), 1000).catch(() => []);
    for (const job of due) await lookAt(ports, job).catch(() => undefined);
  }

  async function act(action: Action, ports: Ports): Promise<void> {
    switch (action.kind) {
      case "submit":
        return submit(ports, action);
      case "deliver": {
        const [jobId] = messages.splice(action.pick % messages.length, action.isRepeated ? 0 : 1);
        const repeated = pickOf(messages, action.pick);
        const delivered = action.isRepeated ? repeated : jobId;
        return delivered === undefined ? undefined : deliver(ports, delivered);
      }
      case "work": {
        const attempt = pickOf(attempts, action.pick);
        return attempt && work(ports, attempt, action.work);
      }
      case "cancel":
      case "bury": {
        const jobId = pickOf([...store.current.keys()], action.pick);
        if (jobId !== undefined) await ports.engine.move(jobId, { kind: action.kind });
        return;
      }
      case "sweep":
        return sweep(ports);
      case "wake":
        return wakeAll(ports);
      case "jump":
        now += action.ms;
        return;
      case "pubsub":
        mode = action.mode;
        return;
      case "store":
        store.breakNext(action.fault, action.calls);
    }
  }

  const jobs = (): Job[] => [...store.current.values()];

  return {
    store,
    messages,
    jobs,
    now: () => now,
    /** Performs one line of the script. A call that a broken store refuses is repeated by a later line, or by the sweep. */
    play: ({ action, skewMs }: Line) => act(action, portsAt(skewMs)).catch(() => undefined),
    /** Nothing breaks any more. Who was at work does not come back, and Pub/Sub may have lost all it had. */
    calm({ areMessagesLost }: { areMessagesLost: boolean }) {
      mode = "works";
      store.breakNext("early", 0);
      for (const attempt of attempts) attempt.isOver = true;
      if (!areMessagesLost) return;
      messages.splice(0);
      wakes.splice(0);
    },
    pass(ms: number) {
      now += ms;
    },
    sweep: () => sweep(portsAt(0)),
    /** Workers end what they have, and take every message until none is left that does any good. */
    async drain(ending: Work) {
      const endAll = async () => {
        for (const attempt of attempts.filter(({ isOver }) => !isOver)) await work(portsAt(0), attempt, ending);
      };
      for (let before = -1; before < store.moves.length; ) {
        before = store.moves.length;
        await endAll();
        await wakeAll(portsAt(0));
        for (const jobId of messages.splice(0)) {
          await deliver(portsAt(0), jobId);
          await endAll();
        }
      }
    },
    isQuiet: () => jobs().every(({ status }) => isFinal(status)),
  };
}

export type World = ReturnType<typeof newWorld>;

/** The sweep's call for a job that is due. */
async function lookAt(ports: Ports, job: DueJob): Promise<void> {
  if (isWaiting(job)) return void (await ports.engine.promote(job.jobId));
  await ports.engine.move(job.jobId, { kind: "republish" });
}
