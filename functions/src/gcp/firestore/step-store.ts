import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import type { StepStore } from "../../core/ports.ts";
import { expiryOf } from "../../core/retention.ts";
import type { StepRecord } from "../../core/step.ts";
import { documentIdOf } from "./document-id.ts";
import { documentTransaction } from "./document-transaction.ts";
import { type Fields, fromFields, toFields } from "./documents.ts";
import { payloadFields, payloadOf } from "./payload.ts";

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

/** gRPC's ALREADY_EXISTS. */
const EXISTS = 6;

/** The step store on Firestore: documents `jobs/{jobId}/steps/{stepId}`, each created in one transaction. */
export function firestoreStepStore(db: Firestore): StepStore {
  const stepsOf = (jobId: string) => db.collection("jobs").doc(jobId).collection("steps");

  const read: StepStore["read"] = async (jobId, name) => {
    const fields = (await stepsOf(jobId).doc(documentIdOf(name)).get()).data();
    return fields && stepFrom(fields);
  };

  return {
    read,
    async record({ jobId, leaseId, name }, commit, now) {
      const own = stepsOf(jobId).doc(documentIdOf(name));
      let tries = 0;
      try {
        return await db.runTransaction(async (transaction) => {
          // A try whose answer was lost may have been committed. The first one is spared the read.
          const known = tries++ > 0 ? (await transaction.get(own)).data() : undefined;
          const fieldMask = Object.keys(LeaseFields.shape);
          const [job] = await transaction.getAll(db.collection("jobs").doc(jobId), { fieldMask });
          const holder = LeaseFields.safeParse(job?.data());
          if (!holder.success || !holdsLease(holder.data, leaseId)) return { outcome: "lease-lost" };
          if (known) return { outcome: "recorded", step: stepFrom(known) };
          const output = await commit(documentTransaction(db, transaction));
          const { attempt, retentionMs } = holder.data;
          const facts = { jobId, name, attempt, leaseId, createdAt: now, expireAt: expiryOf(now, retentionMs) };
          transaction.create(own, { ...toFields(facts), ...payloadFields("output", output) });
          return { outcome: "recorded", step: { ...facts, output } };
        });
      } catch (error) {
        const known = isExisting(error) ? await read(jobId, name) : undefined;
        if (known) return { outcome: "recorded", step: known };
        throw error;
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

function isExisting(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === EXISTS;
}
