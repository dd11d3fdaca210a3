import type { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import type { CacheEntry } from "../../engine/src/jobs/rules/cache-entry.ts";
import type { JobResult } from "../../engine/src/jobs/rules/job.ts";
import type { StepRecord } from "../../engine/src/jobs/rules/step.ts";
import type { ReceivedWebhook } from "../support/webhook-receiver.ts";
import type { SeenJob } from "./documents.ts";
import type { MessageRequests } from "./message-log.ts";
import type { Accepted } from "./submit-all.ts";
import type { Seen } from "./witness.ts";

/** Everything a run left behind. */
export interface Evidence {
  accepted: readonly Accepted[];
  jobs: ReadonlyMap<string, SeenJob>;
  results: ReadonlyMap<string, JobResult>;
  seen: Seen;
  /** `count` of `chaosCounters/{jobId}`: how often a step of the job took effect. */
  counters: ReadonlyMap<string, number>;
  /** `count` of `chaosCleanUps/{jobId}`: how often the clean-up of the job ran. */
  cleanUps: ReadonlyMap<string, number>;
  /** `seqs` of `chaosLists/{key}`: in which order the jobs of a key took effect. */
  lists: ReadonlyMap<string, readonly number[]>;
  /** `runs` of `chaosRuns/{jobId}`: which run of the job made each of its commits, in their order. */
  runs: ReadonlyMap<string, readonly string[]>;
  /** The steps of each contested job. */
  steps: ReadonlyMap<string, readonly StepRecord[]>;
  cacheEntries: readonly CacheEntry[];
  requests: MessageRequests;
  /** The webhooks that arrived at the address of each job. */
  webhooks: ReadonlyMap<string, readonly Webhook[]>;
}

/** A webhook: its `webhook-id`, the event it names, and the job it says that this happened to. */
export interface Webhook {
  id: string;
  event: string;
  jobId: string;
}

/** Reads how often a step of each job took effect: see `Evidence`. */
export function readCounters(db: Firestore): Promise<Map<string, number>> {
  return readAll(db, "chaosCounters", (fields) => z.object({ count: z.int() }).parse(fields).count);
}

/** Reads how often the clean-up of each job ran: see `Evidence`. */
export function readCleanUps(db: Firestore): Promise<Map<string, number>> {
  return readAll(db, "chaosCleanUps", (fields) => z.object({ count: z.int() }).parse(fields).count);
}

/** Reads in which order the jobs of each key took effect: see `Evidence`. */
export function readLists(db: Firestore): Promise<Map<string, number[]>> {
  return readAll(db, "chaosLists", (fields) => z.object({ seqs: z.array(z.int()) }).parse(fields).seqs);
}

/** Reads which run of each contested job made which commit: see `Evidence`. */
export function readRuns(db: Firestore): Promise<Map<string, string[]>> {
  return readAll(db, "chaosRuns", (fields) => z.object({ runs: z.array(z.string()) }).parse(fields).runs);
}

async function readAll<T>(db: Firestore, collection: string, parse: (fields: unknown) => T): Promise<Map<string, T>> {
  const { docs } = await db.collection(collection).get();
  return new Map(docs.map((doc) => [doc.id, parse(doc.data())]));
}

const Body = z.object({ type: z.string(), data: z.object({ jobId: z.string() }) });

/**
 * Groups webhooks by the job at whose address they arrived: the path is the key of the submission, or that of its
 * owner's endpoint, where the body names the job. Throws when a body is not an event; leaves out webhooks at other
 * paths.
 */
export function webhooksByJob(
  accepted: readonly Accepted[],
  received: readonly Pick<ReceivedWebhook, "path" | "headers" | "body">[],
): Map<string, Webhook[]> {
  const jobOf = new Map(accepted.map(({ planned, jobId }) => [`/${planned.key}`, jobId]));
  const ownerOf = new Map(accepted.map(({ planned, jobId }) => [jobId, planned.owner]));
  const webhooks = new Map<string, Webhook[]>();
  for (const { path, headers, body } of received) {
    const isToEndpoint = path.startsWith("/endpoints/");
    if (!isToEndpoint && !jobOf.has(path)) continue;
    const { type: event, data } = Body.parse(JSON.parse(body));
    const isOwn = path === `/endpoints/${ownerOf.get(data.jobId)}`;
    const jobId = isToEndpoint ? isOwn && data.jobId : jobOf.get(path);
    if (!jobId) continue;
    const webhook = { id: String(headers["webhook-id"]), event, jobId: data.jobId };
    webhooks.set(jobId, [...(webhooks.get(jobId) ?? []), webhook]);
  }
  return webhooks;
}
