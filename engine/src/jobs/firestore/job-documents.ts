import { FinalStatus, JobError, JobStatus } from "@baton/protocol";
import { z } from "zod";
import { type Fields, fromFields } from "../../platform/firestore/documents.ts";
import type { Job, JobResult } from "../rules/job.ts";
import { payloadOf } from "./payload.ts";

const Metadata = z.record(z.string(), z.string());

const StoredJob: z.ZodType<Job> = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  queue: z.string(),
  status: JobStatus,
  waitingFor: z.enum(["time", "result", "turn", "slot", "publish"]).exactOptional(),
  progress: z.number(),
  step: z.string().exactOptional(),
  attempt: z.int(),
  maxAttempts: z.int(),
  lostLeases: z.int().exactOptional(),
  runAt: z.date().exactOptional(),
  orderingKey: z.string().exactOptional(),
  lane: z.string().exactOptional(),
  turn: z.int().exactOptional(),
  place: z.int().exactOptional(),
  slots: z.int(),
  resumes: z.literal(true).exactOptional(),
  cache: z.object({ key: z.string(), ttlMs: z.number() }).exactOptional(),
  leads: z.literal(true).exactOptional(),
  follows: z.string().exactOptional(),
  cached: z.literal(true).exactOptional(),
  cleansUp: z.literal(true).exactOptional(),
  requestHashes: z.record(z.string(), z.string()).exactOptional(),
  traceparent: z.string().exactOptional(),
  dueAt: z.date().exactOptional(),
  shard: z.int(),
  lease: z.object({ id: z.string(), until: z.date() }).exactOptional(),
  cancelRequested: z.literal(true).exactOptional(),
  cancelBy: z.date().exactOptional(),
  cleanUps: z.int().exactOptional(),
  error: JobError.exactOptional(),
  tags: z.array(z.string()),
  metadata: Metadata,
  inputRef: z.string().exactOptional(),
  hasWebhookUrl: z.literal(true).exactOptional(),
  hasEndpoints: z.literal(true).exactOptional(),
  createdAt: z.date(),
  queuedAt: z.date().exactOptional(),
  startedAt: z.date().exactOptional(),
  finishedAt: z.date().exactOptional(),
  updatedAt: z.date(),
  retentionMs: z.number(),
  expireAt: z.date(),
  history: z.array(z.object({ status: JobStatus, at: z.date(), attempt: z.int(), reason: z.string().exactOptional() })),
  droppedProcessingMs: z.int().exactOptional(),
});

const StoredResult: z.ZodType<Omit<JobResult, "output">> = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  status: FinalStatus,
  error: JobError.exactOptional(),
  attempt: z.int(),
  leaseId: z.string().exactOptional(),
  cached: z.literal(true).exactOptional(),
  durationMs: z.int(),
  tags: z.array(z.string()),
  metadata: Metadata,
  hasWebhookUrl: z.literal(true).exactOptional(),
  createdAt: z.date(),
  expireAt: z.date(),
  shard: z.int(),
  dueAt: z.date().exactOptional(),
});

/** The job in the fields of `jobs/{jobId}`; throws a ZodError when somebody else wrote there. */
export function jobFrom(fields: Fields): Job {
  const { input: _, inputJson: __, ...rest } = fields;
  return StoredJob.parse(fromFields(rest));
}

/** The result in the fields of `results/{jobId}`, without an output that is stored apart; throws a ZodError when somebody else wrote there. */
export function resultFrom(fields: Fields): JobResult {
  const { output: _, outputJson: __, outputRef: ___, ...rest } = fields;
  const output = payloadOf("output", fields);
  return { ...StoredResult.parse(fromFields(rest)), ...(output !== undefined && { output }) };
}
