import { groupCommit } from "../kit/group-commit.ts";
import type { Clock, Log } from "../kit/ports.ts";
import type { JobEvents, JobPublisher, JobStore, NotFound } from "./ports.ts";
import { publisherOf } from "./publish.ts";
import type { Effect } from "./rules/effects.ts";
import type { Job } from "./rules/job.ts";
import type { JobCommand, Transition } from "./rules/transitions.ts";

/** The ports of the engine. */
export interface EnginePorts {
  jobs: JobStore;
  publisher: JobPublisher;
  /** Absent where nobody is told. */
  events?: JobEvents;
  clock: Clock;
  log: Log;
}

/** Moves jobs, and performs the effects that their rules return. One a process: it groups what its callers ask at the same moment. */
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
  /** Performs the effects of a stored move. Answers the job as it is afterwards. Never rejects: a failure is logged, and the sweep repairs it. */
  perform(job: Job, effects: readonly Effect[]): Promise<Job>;
}

/** Waiting jobs read together when a slot comes free. More than one, because others that became final at that moment read, too. */
const MAX_SUCCESSORS = 3;
/** Calls for one owner's free slots that are answered together. */
const MAX_GROUP = 1000;
/** Jobs that wait for one result and are promoted at a time. */
const MAX_FOLLOWERS = 20;

/** A stored move, and the effects that are not performed yet. */
interface Open {
  job: Job;
  effects: readonly Effect[];
}

/** The engine over these ports. */
export function createEngine(ports: EnginePorts): Engine {
  const { jobs, events, clock, log } = ports;
  const publish = publisherOf(ports);
  /** Callers that fill the slots of one owner at the same moment have it done once for all of them. */
  const fillTogether = groupCommit<Job, readonly Open[]>(MAX_GROUP, fillForAll, () => true);

  async function move(jobId: string, command: JobCommand): Promise<Transition | NotFound> {
    const answer = await jobs.apply(jobId, command, clock.now());
    if (answer.outcome === "moved") await perform(answer.job, answer.effects);
    return answer;
  }

  async function promote(jobId: string): Promise<Job | undefined> {
    const answer = await jobs.promote(jobId, clock.now());
    if (answer.outcome === "not-found") return undefined;
    return answer.outcome === "refused" ? answer.job : perform(answer.job, answer.effects);
  }

  async function recheck(jobId: string): Promise<void> {
    const answer = await move(jobId, { kind: "republish" });
    if (answer.outcome === "refused" && answer.reason === "not-applicable") await promote(jobId);
  }

  async function perform(job: Job, effects: readonly Effect[]): Promise<Job> {
    const isRecheck = ({ kind }: Effect) => kind === "recheck";
    const changed = await Promise.all(effects.filter((each) => !isRecheck(each)).map((each) => performOne(job, each)));
    const after = changed.find((each) => each !== undefined) ?? job;
    // Last: what the other effects set free may be what the job waits for.
    return effects.some(isRecheck) ? ((await guarded(job, () => promote(job.jobId))) ?? after) : after;
  }

  /** Answers the job where the effect changed it. */
  async function performOne(job: Job, effect: Effect): Promise<Job | undefined> {
    switch (effect.kind) {
      case "publish":
        return (await Promise.all([publish.job(job), events?.tell("job.queued", job)]))[0];
      case "wake":
        return publish.wake(job, effect.at);
      case "publish-dead-letter":
        return publish.deadLetter(job);
      case "fill-slots":
        return void (await guarded(job, () => fillSlots(job)));
      case "promote-lane":
        return void (await guarded(job, () => promoteLane(effect.lane)));
      case "promote-followers":
        return void (await guarded(job, () => promoteFollowers(job)));
      case "recheck":
        return undefined;
    }
  }

  async function fillSlots(job: Job): Promise<void> {
    const open = await fillTogether(job.owner, job);
    // Only now: the next of a lane may leave its slot as well, and ask for this very group.
    await Promise.all(open.map(({ job: promoted, effects }) => perform(promoted, effects)));
  }

  async function fillForAll(owner: string, callers: readonly Job[]): Promise<(readonly Open[])[]> {
    const open = await fillOwnerSlots(owner);
    // One of the callers performs for all of them.
    return callers.map((_, index) => (index === 0 ? open : []));
  }

  /** Promotes the owner's waiting jobs while there are slots, and publishes them; answers the effects that are left. */
  async function fillOwnerSlots(owner: string): Promise<Open[]> {
    const open: Open[] = [];
    for (let isMore = true; isMore; ) {
      const waiting = await jobs.listWaiting(owner, MAX_SUCCESSORS);
      // Other processes may have promoted the same ones; there may be slots for more.
      isMore = waiting.length === MAX_SUCCESSORS;
      for (const jobId of waiting) {
        const answer = await jobs.promote(jobId, clock.now());
        // The first that still has to wait speaks for all behind it.
        if (answer.outcome !== "not-found" && answer.job.waitingFor === "slot") return open;
        if (answer.outcome !== "moved") continue;
        const isMessage = ({ kind }: Effect) => kind === "publish" || kind === "wake";
        await perform(answer.job, answer.effects.filter(isMessage));
        // One that needs no slot after all leaves its place to a job that may have come since.
        if (answer.effects.some(({ kind }) => kind === "fill-slots")) isMore = true;
        const isLeft = (effect: Effect) => !isMessage(effect) && effect.kind !== "fill-slots";
        open.push({ job: answer.job, effects: answer.effects.filter(isLeft) });
      }
    }
    return open;
  }

  async function promoteLane(lane: string): Promise<void> {
    const next = await jobs.readNextTurn(lane);
    if (next !== undefined) await promote(next);
  }

  /** Side by side when there is a result. When there is none, the first of them runs in its place, and the others wait for that one. */
  async function promoteFollowers({ jobId, status }: Job): Promise<void> {
    for (;;) {
      const followers = await jobs.listFollowers(jobId, MAX_FOLLOWERS);
      const promoted: (Job | undefined)[] = [];
      if (status === "completed") promoted.push(...(await Promise.all(followers.map(promote))));
      else for (const each of followers) promoted.push(await promote(each));
      // A job that leads again keeps those it has.
      const hasLost = promoted.some((follower) => follower?.sharesResultOf !== jobId);
      if (followers.length < MAX_FOLLOWERS || !hasLost) return;
    }
  }

  async function guarded<T>({ jobId }: Job, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      log.error("An effect of a job's move was not performed; the sweep repairs it.", {
        event: "job.effect-failed",
        jobId,
        error,
      });
      return undefined;
    }
  }

  return { move, promote, recheck, perform };
}

/** The ports, and the engine over them. */
export function withEngine<Ports extends EnginePorts>(ports: Ports): Ports & { engine: Engine } {
  return { ...ports, engine: createEngine(ports) };
}
