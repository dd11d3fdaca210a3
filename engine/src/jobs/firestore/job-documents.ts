import { FinalStatus, HistoryReason, JobError, JobStatus } from "@baton/protocol";
import { z } from "zod";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { type Fields, fromFields, toFields } from "../../platform/firestore/documents.ts";
import type { Job, JobResult } from "../rules/job.ts";
import { payloadOf } from "./payload.ts";

const Metadata = z.record(z.string(), z.string());

/** The fields of every job. */
const JobFields = z.object({
  jobId: z.string(),
  type: z.string(),
  owner: z.string(),
  queue: z.string(),
  progress: z.number(),
  step: z.string().exactOptional(),
  attempt: z.int(),
  maxAttempts: z.int(),
  lostLeases: z.int().exactOptional(),
  orderingKey: z.string().exactOptional(),
  lane: z.string().exactOptional(),
  concurrencyLimit: z.int(),
  cache: z.object({ key: z.string(), ttlMs: z.number() }).exactOptional(),
  isCacheLeader: z.literal(true).exactOptional(),
  cached: z.literal(true).exactOptional(),
  hasCleanUp: z.literal(true).exactOptional(),
  requestHashes: z.record(z.string(), z.string()).exactOptional(),
  traceparent: z.string().exactOptional(),
  shard: z.int(),
  cancelRequested: z.literal(true).exactOptional(),
  error: JobError.exactOptional(),
  tags: z.array(z.string()),
  metadata: Metadata,
  inputRef: z.string().exactOptional(),
  hasWebhookUrl: z.literal(true).exactOptional(),
  hasEndpoints: z.literal(true).exactOptional(),
  createdAt: z.date(),
  queuedAt: z.date().exactOptional(),
  startedAt: z.date().exactOptional(),
  updatedAt: z.date(),
  maxFileBytes: z.int().exactOptional(),
  retentionMs: z.number(),
  expireAt: z.date(),
  history: z.array(
    z.object({
      status: JobStatus,
      at: z.date(),
      attempt: z.int(),
      reason: HistoryReason.exactOptional(),
      errorCode: z.string().exactOptional(),
    }),
  ),
  droppedProcessingMs: z.int().exactOptional(),
});

const LiveFields = JobFields.extend({
  dueAt: z.date(),
  ticket: z.int().exactOptional(),
  laneTicket: z.int().exactOptional(),
  cancelBy: z.date().exactOptional(),
  cleanUps: z.int().exactOptional(),
});

const WaitingFields = LiveFields.extend({
  runAt: z.date().exactOptional(),
  resumesAttempt: z.literal(true).exactOptional(),
});

const PendingFields = WaitingFields.extend({
  status: z.literal("pending"),
  waitingFor: z.enum(["time", "result", "lane", "slot", "unpublished"]),
  sharesResultOf: z.string().exactOptional(),
});

const QueuedFields = WaitingFields.extend({
  status: z.literal("queued"),
  queuedAt: z.date(),
});

const ProcessingFields = LiveFields.extend({
  status: z.literal("processing"),
  lease: z.object({ id: z.string(), until: z.date() }),
  startedAt: z.date(),
});

const FinalFields = JobFields.extend({
  status: FinalStatus,
  finishedAt: z.date(),
});

/** Drops the fields of other statuses. */
const StoredJob: z.ZodType<Job> = z.discriminatedUnion("status", [
  PendingFields,
  QueuedFields,
  ProcessingFields,
  FinalFields,
]);

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

/**
 * Fields of a job that only the engine needs. They lie below the field `engine` of its document. No client reads them,
 * and they may change in any release. Everything else lies at the top, and is documented for clients.
 */
const ENGINE_FIELDS: ReadonlySet<string> = new Set<keyof Job>([
  "lostLeases",
  "lane",
  "laneTicket",
  "ticket",
  "concurrencyLimit",
  "resumesAttempt",
  "cache",
  "isCacheLeader",
  "sharesResultOf",
  "hasCleanUp",
  "requestHashes",
  "traceparent",
  "dueAt",
  "shard",
  "lease",
  "cancelBy",
  "cleanUps",
  "inputRef",
  "hasWebhookUrl",
  "hasEndpoints",
  "maxFileBytes",
  "retentionMs",
]);

/** The job in the fields of its document; throws a ZodError when the document is not one of Baton's. */
export function jobFrom({ engine, ...top }: Fields): Job {
  return StoredJob.parse(fromFields({ ...top, ...asFields(engine) }));
}

/** The fields of a job's document; `more` are further fields below `engine`. */
export function jobFields(job: Job, more: Fields = {}): Fields {
  const fields = Object.entries(toFields(job));
  const isEngines = ([name]: [string, unknown]) => ENGINE_FIELDS.has(name);
  return {
    ...Object.fromEntries(fields.filter((field) => !isEngines(field))),
    engine: { ...Object.fromEntries(fields.filter(isEngines)), ...more },
  };
}

/** The update of a job's document that makes `after` of `before`, by the paths of the fields that differ. */
export function jobChanges(before: Job, after: Job): Fields {
  const changes = Object.entries(documentDiff(before, after));
  return Object.fromEntries(changes.map(([name, value]) => [ENGINE_FIELDS.has(name) ? `engine.${name}` : name, value]));
}

/** The fields below `engine` of a job's document, among them its input. */
export function engineFieldsOf(fields: Fields): Fields {
  return asFields(fields.engine);
}

function asFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/**
 * The result in the fields of `batonResults/{jobId}`, without an output that is stored apart; throws a ZodError when
 * the document is not one of Baton's.
 */
export function resultFrom(fields: Fields): JobResult {
  const { output: _, outputJson: __, outputRef: ___, ...rest } = fields;
  const output = payloadOf("output", fields);
  return { ...StoredResult.parse(fromFields(rest)), ...(output !== undefined && { output }) };
}
