import type { Clock, Log } from "../kit/ports.ts";
import type { JobEvents, JobFileRemoval, JobPublisher, JobStore, NotFound } from "./ports.ts";
import { type Successors, successorsOf } from "./promote-successors.ts";
import { type JobMessages, publisherOf } from "./publish.ts";
import type { Effect } from "./rules/effects.ts";
import type { Job } from "./rules/job.ts";
import type { JobCommand, Transition } from "./rules/transitions.ts";

/** The ports of the engine. */
export interface EnginePorts {
  jobs: JobStore;
  publisher: JobPublisher;
  /** Absent where no events are published. */
  events?: JobEvents;
  /** Absent where no files are kept, or this process may not delete them: the sweep does. */
  fileRemoval?: JobFileRemoval;
  clock: Clock;
  log: Log;
}

/**
 * Moves jobs, and performs the effects that their rules return. One a process: it groups what its callers ask at the
 * same moment.
 */
export interface Engine {
  /**
   * Applies a command to a job, and performs what follows. The command is atomic; what follows is repaired by the sweep
   * when this process dies. Rejects when the store cannot be reached before the command is applied.
   */
  move(jobId: string, command: JobCommand): Promise<Transition | NotFound>;
  /** Promotes a pending job as far as it gets. Answers the job as it is afterwards; undefined when there is none. */
  promote(jobId: string): Promise<Job | undefined>;
  /** Moves a job that is due on, whatever it waited for. One that is not due any more stays as it is. */
  recheck(jobId: string): Promise<void>;
  /**
   * Performs the effects of a stored move. Answers the job as it is afterwards. Never rejects: a failure is logged, and
   * the sweep repairs it.
   */
  perform(job: Job, effects: readonly Effect[]): Promise<Job>;
}

/** The ports and functions that performing an effect needs. */
interface Performing {
  engine: Engine;
  publish: JobMessages;
  events: JobEvents | undefined;
  fileRemoval: JobFileRemoval | undefined;
  successors: Successors;
  log: Log;
}

/** The engine over these ports. */
export function createEngine(ports: EnginePorts): Engine {
  const { jobs, events, fileRemoval, clock, log } = ports;
  const engine: Engine = {
    async move(jobId, command) {
      const answer = await jobs.apply(jobId, command, clock.now());
      if (answer.outcome === "moved") await engine.perform(answer.job, answer.effects);
      return answer;
    },

    async promote(jobId) {
      const answer = await jobs.promote(jobId, clock.now());
      if (answer.outcome === "not-found") return undefined;
      return answer.outcome === "refused" ? answer.job : engine.perform(answer.job, answer.effects);
    },

    async recheck(jobId) {
      const answer = await engine.move(jobId, { kind: "republish" });
      if (answer.outcome === "refused" && answer.reason === "not-applicable") await engine.promote(jobId);
    },

    perform: (job, effects) => perform(performing, job, effects),
  };
  const successors = successorsOf({ jobs, clock, engine });
  const performing = { engine, publish: publisherOf(ports), events, fileRemoval, successors, log };
  return engine;
}

async function perform(performing: Performing, job: Job, effects: readonly Effect[]): Promise<Job> {
  const { engine, log } = performing;
  const isRecheck = ({ kind }: Effect) => kind === "recheck";
  const others = effects.filter((each) => !isRecheck(each));
  const changed = await Promise.all(others.map((each) => performOne(performing, job, each)));
  const after = changed.find((each) => each !== undefined) ?? job;
  if (!effects.some(isRecheck)) return after;
  // Last: what the other effects set free may be what the job waits for.
  return (await guarded(log, job, () => engine.promote(job.jobId))) ?? after;
}

/** Answers the job where the effect changed it. */
async function performOne(
  { publish, events, fileRemoval, successors, log }: Performing,
  job: Job,
  effect: Effect,
): Promise<Job | undefined> {
  switch (effect.kind) {
    case "publish":
      return (await Promise.all([publish.job(job), events?.tell("job.queued", job)]))[0];
    case "wake":
      return publish.wake(job, effect.at);
    case "publish-dead-letter":
      return publish.deadLetter(job);
    case "fill-slots":
      return void (await guarded(log, job, () => successors.fillSlots(job)));
    case "promote-lane":
      return void (await guarded(log, job, () => successors.promoteLane(effect.lane)));
    case "promote-followers":
      return void (await guarded(log, job, () => successors.promoteFollowers(job)));
    case "delete-files":
      return void (await guarded(log, job, async () => fileRemoval?.deleteOf(job.jobId)));
    case "recheck":
      return undefined;
  }
}

async function guarded<T>(log: Log, { jobId }: Job, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const fields = { event: "job.effect-failed", jobId, error };
    log.error("An effect of a job's move was not performed; the sweep repairs it.", fields);
    return undefined;
  }
}

/** The ports, and the engine over them. */
export function withEngine<Ports extends EnginePorts>(ports: Ports): Ports & { engine: Engine } {
  return { ...ports, engine: createEngine(ports) };
}
