import type { JsonValue } from "@baton/protocol";
import type { DocumentReference, Timestamp, WriteBatch } from "@google-cloud/firestore";
import { type Fields, toFields } from "../../platform/firestore/documents.ts";
import { read } from "../../platform/firestore/read-document.ts";
import { type EndOfLead, endOfLead } from "../rules/cache-entry.ts";
import type { Job, JobResult } from "../rules/job.ts";
import type { JobCollections } from "./job-collections.ts";
import { jobChanges, jobFields } from "./job-documents.ts";
import { payloadFields, textFields } from "./payload.ts";
import { cacheEntryFrom } from "./quota-documents.ts";

/** Inputs up to this size are in the job's own document, which every listener downloads again at each progress. */
const INLINE_INPUT_BYTES = 8 * 1024;
/**
 * Outputs up to this size ride in the result, where a listener has them at once. The result is also the event that
 * `notify` is sent, and an Eventarc event has at most 512 KB (https://docs.cloud.google.com/functions/quotas).
 */
const INLINE_OUTPUT_BYTES = 100 * 1024;

/**
 * A value held natively takes at most so many bytes on the wire for each byte of its JSON: `-1,` are 13, `{},` are 6.
 */
const NATIVE_FACTOR = 5;
/** A job's own fields, and those of a result, besides what a caller gave. */
const FIELDS_BYTES = 4 * 1024;

/**
 * Gives an upper bound of what a document takes in a commit, in bytes of protobuf: `fields` natively, and a payload of
 * `payloadBytes` of JSON as it is placed.
 */
export function wireBytes(fields: object, payloadBytes: number): number {
  const factor = payloadBytes > INLINE_OUTPUT_BYTES ? 1 : NATIVE_FACTOR;
  return FIELDS_BYTES + NATIVE_FACTOR * jsonBytes(fields) + factor * payloadBytes;
}

/** The size of a value as JSON in UTF-8. */
export function jsonBytes(value: object | JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/**
 * Adds a new job with its input and its webhook URL, on condition that the id is free; `result` when it is final at
 * once.
 */
export function createJob(
  to: JobCollections,
  batch: WriteBatch,
  job: Job,
  input: JsonValue,
  { webhookUrl: url, result }: { webhookUrl?: string | undefined; result?: JobResult | undefined } = {},
): void {
  const own = to.inputOf(job.jobId);
  const payload = placePayload("input", input, INLINE_INPUT_BYTES, own);
  batch.create(to.jobs.doc(job.jobId), jobFields(job, payload.here));
  if (payload.apart) batch.create(own, { ...payload.apart, ...toFields({ expireAt: job.expireAt }) });
  if (url !== undefined) batch.create(to.webhookUrlOf(job.jobId), toFields({ url, expireAt: job.expireAt }));
  if (result) createResult(to, batch, result);
}

/**
 * Adds the changes between two states of a job, on condition that its document is as it was at `updateTime`. Adds the
 * result when the job became final, and updates or deletes the cache entry it leads. Answers whether the job itself is
 * written: as the first write. Reads only for a job that becomes final while it leads: the entry, which has to be as it
 * was read, too.
 */
export async function updateJob(
  to: JobCollections,
  batch: WriteBatch,
  { before, job, result, updateTime }: { before: Job; job: Job; result?: JobResult | undefined; updateTime: Timestamp },
): Promise<boolean> {
  const changes = jobChanges(before, job);
  if (Object.keys(changes).length === 0) return false;
  batch.update(to.jobs.doc(job.jobId), changes, { lastUpdateTime: updateTime });
  if (changes.expireAt) keepPayloads(to, batch, job, { expireAt: changes.expireAt });
  if (result) createResult(to, batch, result);
  const end = endOfLead(job, result);
  if (end) await writeEndOfLead(to, batch, job.jobId, end);
  return true;
}

/**
 * Has what is stored beside a job expire with it. The fields are merged: an update would fail when a payload is gone,
 * and the job could not end.
 */
function keepPayloads(to: JobCollections, batch: WriteBatch, job: Job, fields: Fields): void {
  if (job.inputRef !== undefined) batch.set(to.inputOf(job.jobId), fields, { merge: true });
  if (job.hasWebhookUrl) batch.set(to.webhookUrlOf(job.jobId), fields, { merge: true });
}

function createResult(to: JobCollections, batch: WriteBatch, { output, ...result }: JobResult): void {
  const own = to.outputOf(result.jobId);
  const payload = output === undefined ? {} : placePayload("output", output, INLINE_OUTPUT_BYTES, own);
  batch.create(to.results.doc(result.jobId), { ...toFields(result), ...payload.here });
  if (payload.apart) batch.create(own, { ...payload.apart, ...toFields({ expireAt: result.expireAt }) });
}

async function writeEndOfLead(
  to: JobCollections,
  batch: WriteBatch,
  jobId: string,
  { key, after }: EndOfLead,
): Promise<void> {
  const ref = to.cache.doc(key);
  const { value: found, updateTime } = await read(true, ref, cacheEntryFrom);
  if (found?.jobId !== jobId || !updateTime) return;
  const unchanged = { lastUpdateTime: updateTime };
  if (after) batch.update(ref, toFields(after), unchanged);
  else batch.delete(ref, unchanged);
}

/** Places a payload in its owner's document, or, when it is over `inlineBytes`, as text in a document of its own. */
function placePayload(name: string, value: JsonValue, inlineBytes: number, own: DocumentReference): Placed {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= inlineBytes) return { here: payloadFields(name, value) };
  return { here: { [`${name}Ref`]: own.path }, apart: textFields(name, text) };
}

interface Placed {
  here?: Fields;
  apart?: Fields;
}
