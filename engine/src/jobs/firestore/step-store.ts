import { setTimeout as pause } from "node:timers/promises";
import {
  type DocumentReference,
  type Firestore,
  type Timestamp,
  type Transaction,
  WriteBatch,
} from "@google-cloud/firestore";
import { z } from "zod";
import { keyedMutex } from "../../kit/keyed-mutex.ts";
import { expiryOf } from "../../kit/retention.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { isConflict } from "../../platform/firestore/optimistic-retry.ts";
import type { StepAnswer, StepStore } from "../ports.ts";
import { holdsLease } from "../rules/lease.ts";
import type { StepRecord } from "../rules/step.ts";
import { documentTransaction } from "./document-transaction.ts";
import { payloadFields } from "./payload.ts";
import { asPermanent } from "./refused-for-good.ts";
import { recallSteps, stepFrom } from "./step-documents.ts";
import { stepGroups } from "./step-groups.ts";

/** The fields of a job that say whether a lease still holds it, and how long its steps are kept. */
const LeaseFields = z.object({
  status: z.string(),
  attempt: z.int(),
  engine: z.object({ retentionMs: z.number(), lease: z.object({ id: z.string() }).optional() }),
});
const LEASE_FIELDS = ["status", "attempt", "engine.retentionMs", "engine.lease"];

/** A job as it was when the lease held it. */
export interface Holder {
  attempt: number;
  retentionMs: number;
  updateTime: Timestamp;
}

/** Where the steps of jobs are, and who may write them. */
export interface StepDocuments {
  stepOf(jobId: string, name: string): DocumentReference;
  /** Reads the job; undefined when the lease does not hold it. */
  readHolder(jobId: string, leaseId: string): Promise<Holder | undefined>;
  /**
   * Adds the record of a step, on condition that the job is as `holder` read it. The condition sits on a write that
   * changes nothing. Such a write leaves the job's `updateTime` as it is and wakes no listener: records do not conflict
   * with each other.
   */
  create(writes: WriteBatch | Transaction, step: StepRecord): void;
  fence(writes: WriteBatch | Transaction, jobId: string, holder: Holder): void;
}

/** Tries of one record. Another writer, such as the worker's own progress, may come between once a second. */
export const MAX_TRIES = 40;
const MAX_PAUSE_MS = 100;

/** Waits a little before try number `tried` + 1, at random, so that writers who met do not meet again. */
export function pauseAfter(tried: number): Promise<void> {
  return pause(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** tried));
}

/**
 * The step store on Firestore: documents `batonJobs/{jobId}/batonSteps/{stepId}`. A record is one commit on condition
 * that the job is as it was when the lease held it. The commits under one lease run one after the other. The job itself
 * is never locked: a worker that is killed within a transaction leaves its locks for up to a minute, while cancels,
 * claims and the sweep need the job.
 */
export function firestoreStepStore(db: Firestore): StepStore {
  const documents = stepDocuments(db);
  const commitInTurn = keyedMutex();

  const read: StepStore["read"] = async (jobId, name) => {
    const fields = (await documents.stepOf(jobId, name).get()).data();
    return fields && stepFrom(fields);
  };

  return {
    read,
    recall: (jobId, maxBytes) =>
      recallSteps(db.collection(COLLECTIONS.jobs).doc(jobId).collection(COLLECTIONS.steps), maxBytes),
    keep: stepGroups(db, documents),
    record: (step, commit, now) => commitInTurn(step.leaseId, () => recordAlone(step, commit, now)),
  };

  async function recordAlone(...[step, commit, now]: Parameters<StepStore["record"]>): Promise<StepAnswer> {
    const { jobId, leaseId, name } = step;
    for (let tried = 1; ; tried++) {
      const before = await documents.readHolder(jobId, leaseId);
      if (!before) return { outcome: "lease-lost" };
      // A try whose answer was lost may have been committed. The first one is spared the read.
      const known = tried > 1 && (await read(jobId, name));
      if (known) return { outcome: "recorded", step: known };
      let holder: Holder | undefined = before;
      try {
        return await db.runTransaction<StepAnswer>(async (transaction) => {
          const output = await commit(documentTransaction(db, transaction));
          // Read again: the worker's own progress may have been written meanwhile.
          holder = await documents.readHolder(jobId, leaseId);
          if (!holder) throw new LeaseLost();
          const kept = keptStep(step, holder, output, now);
          documents.create(transaction, kept);
          documents.fence(transaction, jobId, holder);
          return { outcome: "recorded", step: kept };
        });
      } catch (error) {
        if (error instanceof LeaseLost) return { outcome: "lease-lost" };
        if (!isConflict(error) || tried >= MAX_TRIES) throw asPermanent(error);
        const isJobSame = holder && (await documents.readHolder(jobId, leaseId))?.updateTime.isEqual(holder.updateTime);
        // The job is as it was, and the step is not there: the conflict is about one of the handler's own documents.
        if (isJobSame && !(await read(jobId, name))) throw asPermanent(error);
        await pauseAfter(tried);
      }
    }
  }
}

/** The record of a step that was done under the lease that `holder` proves. */
export function keptStep(
  { jobId, leaseId, name }: { jobId: string; leaseId: string; name: string },
  { attempt, retentionMs }: Holder,
  output: StepRecord["output"],
  now: Date,
): StepRecord {
  return { jobId, name, output, attempt, leaseId, createdAt: now, expireAt: expiryOf(now, retentionMs) };
}

/** Ends a transaction whose lease was lost while the handler's function ran. */
class LeaseLost extends Error {}

/** The documents of steps in a database. */
export function stepDocuments(db: Firestore): StepDocuments {
  const jobs = db.collection(COLLECTIONS.jobs);
  const stepOf = (jobId: string, name: string) => jobs.doc(jobId).collection(COLLECTIONS.steps).doc(documentIdOf(name));
  return {
    stepOf,
    async readHolder(jobId, leaseId) {
      const [job] = await db.getAll(jobs.doc(jobId), { fieldMask: LEASE_FIELDS });
      const holder = LeaseFields.safeParse(job?.data());
      if (!holder.success || !job?.updateTime) return undefined;
      const { status, attempt, engine } = holder.data;
      const { lease, retentionMs } = engine;
      const isHeld = holdsLease({ status, lease }, leaseId);
      return isHeld ? { attempt, retentionMs, updateTime: job.updateTime } : undefined;
    },
    create(writes, { output, ...facts }) {
      const { jobId, name } = facts;
      writes.create(stepOf(jobId, name), { ...toFields(facts), ...payloadFields("output", output) });
    },
    fence(writes, jobId, { updateTime }) {
      const condition = { lastUpdateTime: updateTime };
      if (writes instanceof WriteBatch) writes.update(jobs.doc(jobId), { jobId }, condition);
      else writes.update(jobs.doc(jobId), { jobId }, condition);
    },
  };
}
