import type { JsonValue } from "@baton/protocol";
import type { DocumentReference, WriteBatch } from "@google-cloud/firestore";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { type Fields, toFields } from "../../platform/firestore/documents.ts";
import { read, type Stored } from "../../platform/firestore/read-document.ts";
import { isLeading } from "../rules/cache-entry.ts";
import type { Job } from "../rules/job.ts";
import { needs, type Promotion, type PromotionContext } from "../rules/promotion.ts";
import { countLimit, EMPTY_QUEUE, mayBeFull } from "../rules/ticket-queue.ts";
import type { Usage } from "../rules/usage.ts";
import type { JobCollections } from "./job-collections.ts";
import { jobFrom, resultFrom } from "./job-documents.ts";
import { cacheEntryFrom, laneFrom, usageFrom } from "./quota-documents.ts";
import { usageAfterErasure } from "./spent-quota.ts";

/** What the pending jobs of one owner meet; jobs that are decided together see what the ones before them left. */
export interface StoredPromotionContext {
  /** The context that `promote` and `accept` take for this job. */
  of(job: Job): PromotionContext;
  /** Remembers what a decision changed. */
  note(changes: Pick<Promotion, "usage" | "lane" | "cacheEntry">): void;
  /** Adds every change to the batch, on condition that the documents are still as they were read. */
  write(batch: WriteBatch): void;
  usage(): Usage | undefined;
}

interface Part<T> extends Stored<T> {
  ref: DocumentReference;
  isChanged: boolean;
}

/** Reads what `jobs`, all of one owner, are about to meet up to `now`; `known` spares the read of the owner's usage. */
export async function readPromotionContext(
  collections: JobCollections,
  jobs: readonly Job[],
  now: Date,
  known?: Stored<Usage>,
): Promise<StoredPromotionContext> {
  const [first] = jobs;
  if (!first) throw new Error("readAround needs a job");
  const { usage: usages, lanes, cache } = collections;
  const wanted = jobs.map((job) => ({ job, needs: needs(job, now) }));
  const laneIds = new Set(wanted.flatMap(({ job, needs }) => (needs.lane && job.lane ? [job.lane] : [])));
  const cacheKeys = new Set(wanted.flatMap(({ job, needs }) => (needs.cache && job.cache ? [job.cache.key] : [])));
  // A new job is counted, whatever it waits for.
  const needsUsage = wanted.some(({ job, needs }) => needs.usage || job.history.length === 0);

  const usageRef = usages.doc(documentIdOf(first.owner));
  const stored = known ?? (await read(needsUsage, usageRef, usageFrom));
  const usage = { ref: usageRef, isChanged: false, ...stored };
  if (needsUsage && !stored.updateTime) usage.value = await usageAfterErasure(collections.db, first.owner);
  const readEach = <T>(ids: Set<string>, at: (id: string) => DocumentReference, parse: (fields: Fields) => T) =>
    Promise.all(
      [...ids].map(
        async (id) => [id, { ref: at(id), isChanged: false, ...(await read(true, at(id), parse)) }] as const,
      ),
    );
  const [laneParts, cacheParts] = await Promise.all([
    readEach(laneIds, (id) => lanes.doc(id), laneFrom).then((parts) => new Map(parts)),
    readEach(cacheKeys, (id) => cache.doc(id), cacheEntryFrom).then((parts) => new Map(parts)),
  ]);
  const outcomes = new Map<string, Pick<PromotionContext, "isLeaderLive" | "cachedOutput">>();
  const counts = new Map<string, number>();
  await Promise.all([
    ...[...cacheParts].map(async ([key, { value }]) => outcomes.set(key, await readLeader(collections, value, now))),
    // Counted after the line was read: a ticket that is taken from now on fails our commit.
    countLine(collections, jobs, first, usage.value).then((count) => count !== undefined && counts.set("line", count)),
    ...[...new Set(jobs.flatMap(({ lane }) => lane ?? []))].map(async (lane) => {
      const count = await countLane(collections, lane, jobs, laneParts.get(lane)?.value?.ticketQueue);
      if (count !== undefined) counts.set(lane, count);
    }),
  ]);

  return {
    of({ lane: laneId, cache: cached }) {
      const around: PromotionContext = {};
      const lane = laneId === undefined ? undefined : laneParts.get(laneId);
      const entry = cached && cacheParts.get(cached.key);
      const [inLine, inLane] = [counts.get("line"), laneId === undefined ? undefined : counts.get(laneId)];
      if (usage.value) around.usage = usage.value;
      if (inLine !== undefined) around.ticketsAhead = inLine;
      if (lane?.value) around.lane = lane.value;
      if (inLane !== undefined) around.laneTicketsAhead = inLane;
      if (cached && entry?.value) Object.assign(around, { cacheEntry: entry.value, ...outcomes.get(cached.key) });
      return around;
    },
    note({ usage: after, lane, cacheEntry }) {
      // A count holds for the line as it was read; once a number was taken, the line's own bound goes on.
      if (after) {
        set(usage, after);
        counts.delete("line");
      }
      if (lane) {
        set(laneParts.get(lane.laneId), lane);
        counts.delete(lane.laneId);
      }
      if (cacheEntry) {
        set(cacheParts.get(cacheEntry.key), cacheEntry);
        outcomes.set(cacheEntry.key, { isLeaderLive: true });
      }
    },
    write(batch) {
      const changed = [usage, ...laneParts.values(), ...cacheParts.values()].filter((part) => part.isChanged);
      for (const { ref, value, updateTime } of changed) {
        if (value === undefined) continue;
        if (updateTime === undefined) batch.create(ref, toFields(value));
        else batch.update(ref, toFields(value), { lastUpdateTime: updateTime });
      }
    },
    usage: () => usage.value,
  };
}

function set<T>(part: Part<T> | undefined, value: T): void {
  if (!part) return;
  part.value = value;
  part.isChanged = true;
}

async function readLeader(
  { jobs, results, outputOf }: JobCollections,
  entry: { jobId: string; isDone: boolean; expireAt: Date } | undefined,
  now: Date,
): Promise<{ isLeaderLive?: boolean; cachedOutput?: JsonValue }> {
  if (!entry) return {};
  if (!entry.isDone) {
    const { value: leader } = await read(true, jobs.doc(entry.jobId), jobFrom);
    return { isLeaderLive: leader !== undefined && isLeading(leader) };
  }
  if (entry.expireAt <= now) return {};
  const fields = (await results.doc(entry.jobId).get()).data();
  if (!fields) return {};
  const apart = fields.outputRef === undefined ? {} : (await outputOf(entry.jobId).get()).data();
  const { output } = resultFrom({ ...fields, ...apart });
  return output === undefined ? {} : { cachedOutput: output };
}

/**
 * How many are ahead of a job that has a number; for those without one, how many are in the line, when that is worth
 * knowing. Counts far enough for the one that has most slots: two requests of an owner may come with different tiers.
 */
async function countLine(
  { jobs }: JobCollections,
  group: readonly Job[],
  { owner, ticket: place }: Job,
  usage: Usage | undefined,
) {
  const slots = group.map((job) => job.concurrencyLimit);
  if (place === undefined && !mayBeFull(usage?.slotQueue ?? EMPTY_QUEUE, Math.min(...slots))) return undefined;
  const inLine = jobs.where("owner", "==", owner);
  const counted =
    place === undefined ? inLine.where("engine.ticket", ">", 0) : inLine.where("engine.ticket", "<", place);
  return (
    await counted
      .limit(countLimit(Math.max(...slots)))
      .count()
      .get()
  ).data().count;
}

async function countLane({ jobs }: JobCollections, lane: string, group: readonly Job[], line = EMPTY_QUEUE) {
  const turn = group.find((job) => job.lane === lane)?.laneTicket;
  if (turn === undefined && !mayBeFull(line, 1)) return undefined;
  const inLane = jobs.where("engine.lane", "==", lane);
  const counted =
    turn === undefined ? inLane.where("engine.laneTicket", ">", 0) : inLane.where("engine.laneTicket", "<", turn);
  return (await counted.limit(1).count().get()).data().count;
}
