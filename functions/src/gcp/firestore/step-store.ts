import { setTimeout as pause } from "node:timers/promises";
import { FieldValue, type Firestore, type Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import type { StepStore } from "../../core/ports.ts";
import { expiryOf } from "../../core/retention.ts";
import type { StepRecord } from "../../core/step.ts";
import { documentIdOf } from "./document-id.ts";
import { documentTransaction } from "./document-transaction.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";
import { isConflict } from "./optimistic.ts";
import { payloadFields, payloadOf } from "./payload.ts";
import { asPermanent } from "./refused-for-good.ts";

const StoredStep: z.ZodType<Omit<StepRecord, "output">> = z.object({
  jobId: z.string(),
  name: z.string(),
  attempt: z.int(),
  leaseId: z.string(),
  createdAt: z.date(),
  expireAt: z.date(),
});

/** What of a job says whether a lease still holds it, and how long its steps are kept. */
const LeaseFields = z.object({
  status: z.string(),
  attempt: z.int(),
  retentionMs: z.number(),
  lease: z.object({ id: z.string() }).optional(),
});

/** Tries of one record. Steps that end side by side lose to each other, and now and then to their worker's progress. */
const MAX_TRIES = 40;
const MAX_PAUSE_MS = 100;

/**
 * The step store on Firestore: documents `jobs/{jobId}/steps/{stepId}`. A record is one commit that also counts the step in
 * its job, on condition that the job is as it was when it held the lease. The job itself is never locked: a worker that is
 * killed within a transaction leaves its locks for up to a minute, and cancels, claims and the sweep need the job.
 */
export function firestoreStepStore(db: Firestore): StepStore {
  const jobs = db.collection("jobs");
  const stepOf = (jobId: string, name: string) => jobs.doc(jobId).collection("steps").doc(documentIdOf(name));

  const read: StepStore["read"] = async (jobId, name) => {
    const fields = (await stepOf(jobId, name).get()).data();
    return fields && stepFrom(fields);
  };

  async function readHolder(jobId: string, leaseId: string) {
    const [job] = await db.getAll(jobs.doc(jobId), { fieldMask: Object.keys(LeaseFields.shape) });
    const holder = LeaseFields.safeParse(job?.data());
    const isHeld = holder.success && job?.updateTime && holdsLease(holder.data, leaseId);
    return isHeld ? { ...holder.data, updateTime: job.updateTime } : undefined;
  }

  return {
    read,
    async record({ jobId, leaseId, name }, commit, now) {
      let conflict: { error: unknown; updateTime: Timestamp } | undefined;
      for (let tried = 1; ; tried++) {
        const holder = await readHolder(jobId, leaseId);
        if (!holder) return { outcome: "lease-lost" };
        // A try whose answer was lost may have been committed. The first one is spared the read.
        const known = conflict && (await read(jobId, name));
        if (known) return { outcome: "recorded", step: known };
        // The job is as it was: the conflict is about one of the handler's own documents.
        if (conflict?.updateTime.isEqual(holder.updateTime) || tried > MAX_TRIES) throw asPermanent(conflict?.error);
        const { attempt, retentionMs, updateTime } = holder;
        const facts = { jobId, name, attempt, leaseId, createdAt: now, expireAt: expiryOf(now, retentionMs) };
        try {
          const output = await db.runTransaction(async (transaction) => {
            const value = await commit(documentTransaction(db, transaction));
            transaction.create(stepOf(jobId, name), { ...toFields(facts), ...payloadFields("output", value) });
            const counted = { stepCount: FieldValue.increment(1) };
            transaction.update(jobs.doc(jobId), counted, { lastUpdateTime: updateTime });
            return value;
          });
          return { outcome: "recorded", step: { ...facts, output } };
        } catch (error) {
          if (!isConflict(error)) throw asPermanent(error);
          conflict = { error, updateTime };
          await pause(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** tried));
        }
      }
    },
  };
}

function holdsLease({ status, lease }: z.infer<typeof LeaseFields>, leaseId: string): boolean {
  return status === "processing" && lease?.id === leaseId;
}

function stepFrom(fields: Fields): StepRecord {
  const { output: _, outputJson: __, ...rest } = fields;
  return { ...StoredStep.parse(fromFields(rest)), output: payloadOf("output", fields) ?? null };
}
