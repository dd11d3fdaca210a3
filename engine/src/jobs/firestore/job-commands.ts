import type { Firestore, Timestamp } from "@google-cloud/firestore";
import { type Recent, recent } from "../../kit/recent.ts";
import type { Fields } from "../../platform/firestore/documents.ts";
import { isConflict, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { JobStore, NotFound } from "../ports.ts";
import { isLive, type Job } from "../rules/job.ts";
import { promote, promotionReads } from "../rules/promotion.ts";
import type { Timing } from "../rules/timing.ts";
import { type JobCommand, type Transition, transition } from "../rules/transitions.ts";
import type { JobCollections } from "./job-collections.ts";
import { jobFrom } from "./job-documents.ts";
import { updateJob } from "./job-writes.ts";
import { readPromotionContext } from "./promotion-context.ts";
import { readInputIn } from "./read-input.ts";
import { republishBatch } from "./republish-batch.ts";

/** A job as this process last read or wrote it. */
interface Known {
  job: Job;
  updateTime: Timestamp;
  fields?: Fields;
}

/** The ports of commands to jobs. */
interface CommandPorts {
  db: Firestore;
  collections: JobCollections;
  timing: Timing;
  /** Jobs whose lease this process has, as it last wrote them: its next write of one reads nothing. */
  leased: Recent<Known>;
}

/** Jobs whose lease this process has, at most; the functions run far fewer at once. */
const MAX_LEASED = 1000;

/**
 * The commands of the job store. Each is decided by a rule on what was read, and committed on condition that it is
 * still so; of two writers at the same moment one reads again.
 */
export function jobCommands(
  db: Firestore,
  collections: JobCollections,
  timing: Timing,
): Pick<JobStore, "apply" | "claim" | "promote"> {
  const ports: CommandPorts = { db, collections, timing, leased: recent(MAX_LEASED) };
  const republish = republishBatch(collections, timing, ({ jobId, now }) =>
    applyAlone(ports, jobId, { kind: "republish" }, now),
  );
  return {
    async apply(jobId, command, now) {
      const moved = await applyToLeased(ports, jobId, command, now);
      if (moved) return moved;
      return command.kind === "republish" ? republish({ jobId, now }) : applyAlone(ports, jobId, command, now);
    },
    claim: (jobId, lease, now) => claim(ports, jobId, lease, now),
    promote: (jobId, now) => retryConflicts(() => promoteOnce(ports, jobId, now)),
  };
}

/** Reads a job; undefined when there is none. */
export async function readKnown({ jobs }: JobCollections, jobId: string): Promise<Known | undefined> {
  const document = await jobs.doc(jobId).get();
  const [fields, updateTime] = [document.data(), document.updateTime];
  return fields && updateTime && { job: jobFrom(fields), updateTime, fields };
}

/**
 * Applies a command of the lease's holder to the job as this process knows it; undefined when that is not how it is any
 * more.
 */
async function applyToLeased(
  ports: CommandPorts,
  jobId: string,
  command: JobCommand,
  now: Date,
): Promise<Transition | undefined> {
  const known = "leaseId" in command ? ports.leased.get(jobId) : undefined;
  ports.leased.delete(jobId);
  if (!known) return undefined;
  try {
    const answer = await applyTo(ports, known, command, now);
    return answer.outcome === "moved" ? answer : undefined;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

async function applyTo(ports: CommandPorts, known: Known, command: JobCommand, now: Date): Promise<Transition> {
  const { db, collections, timing, leased } = ports;
  const answer = transition(known.job, command, now, timing);
  if (answer.outcome === "refused") return answer;
  const batch = db.batch();
  const { jobId } = known.job;
  if (!(await updateJob(collections, batch, { ...answer, updateTime: known.updateTime }))) return answer;
  const [written] = await batch.commit();
  const isLeased = "leaseId" in command && answer.job.status === "processing";
  if (isLeased && written) leased.set(jobId, { job: answer.job, updateTime: written.writeTime });
  else leased.delete(jobId);
  return answer;
}

function applyFresh(ports: CommandPorts, jobId: string, command: JobCommand, now: Date) {
  return retryConflicts(async () => {
    const known = await readKnown(ports.collections, jobId);
    return known && { known, answer: await applyTo(ports, known, command, now) };
  });
}

async function applyAlone(
  ports: CommandPorts,
  jobId: string,
  command: JobCommand,
  now: Date,
): Promise<Transition | NotFound> {
  return (await applyFresh(ports, jobId, command, now))?.answer ?? { outcome: "not-found" };
}

async function claim(
  ports: CommandPorts,
  jobId: string,
  lease: { leaseId: string; leaseMs: number },
  now: Date,
): ReturnType<JobStore["claim"]> {
  const applied = await applyFresh(ports, jobId, { kind: "claim", ...lease }, now);
  if (!applied) return { outcome: "not-found" };
  const { known, answer } = applied;
  if (answer.outcome === "refused" || !isLive(answer.job)) return answer;
  const input = await readInputIn(ports.collections, jobId, known.fields ?? {});
  return { ...answer, ...(input !== undefined && { input }) };
}

async function promoteOnce(
  { db, collections, timing }: CommandPorts,
  jobId: string,
  now: Date,
): ReturnType<JobStore["promote"]> {
  const known = await readKnown(collections, jobId);
  if (!known) return { outcome: "not-found" };
  const context = await readPromotionContext(collections, known.job.owner, [promotionReads(known.job, now)], now);
  const answer = promote(known.job, context.of(known.job), now, timing);
  if (answer.outcome === "refused") return answer;
  context.note(answer);
  const batch = db.batch();
  await updateJob(collections, batch, { ...answer, updateTime: known.updateTime });
  context.write(batch);
  await batch.commit();
  return answer;
}
