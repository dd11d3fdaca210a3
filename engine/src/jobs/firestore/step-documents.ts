import { type CollectionReference, QueryDocumentSnapshot } from "@google-cloud/firestore";
import { z } from "zod";
import { type Fields, fromFields } from "../../platform/firestore/documents.ts";
import type { StepRecord } from "../rules/step.ts";
import { payloadOf } from "./payload.ts";

const StoredStep: z.ZodType<Omit<StepRecord, "output">> = z.object({
  jobId: z.string(),
  name: z.string(),
  attempt: z.int(),
  leaseId: z.string(),
  createdAt: z.date(),
  expireAt: z.date(),
});

/**
 * Reads the step in the fields of `batonJobs/{jobId}/batonSteps/{stepId}`. Throws a ZodError when the fields are not
 * those of a step.
 */
export function stepFrom(fields: Fields): StepRecord {
  const { output: _, outputJson: __, ...rest } = fields;
  return { ...StoredStep.parse(fromFields(rest)), output: payloadOf("output", fields) ?? null };
}

/**
 * Reads steps in one query, as a stream that ends once they hold `maxBytes`: what is not read any more takes no memory.
 */
export async function recallSteps(
  steps: CollectionReference,
  maxBytes: number,
): Promise<{ steps: StepRecord[]; isAll: boolean }> {
  const found: StepRecord[] = [];
  let bytes = 0;
  for await (const document of steps.stream()) {
    if (!isDocument(document)) continue;
    const step = stepFrom(document.data());
    bytes += Buffer.byteLength(JSON.stringify(step.output));
    if (bytes > maxBytes) return { steps: found, isAll: false };
    found.push(step);
  }
  return { steps: found, isAll: true };
}

/** The SDK types its stream as one of text. */
function isDocument(chunk: unknown): chunk is QueryDocumentSnapshot {
  return chunk instanceof QueryDocumentSnapshot;
}
