import type { Timestamp, WriteBatch } from "@google-cloud/firestore";
import { read, type Stored } from "../../platform/firestore/read-document.ts";
import { type CacheEntry, isLeading } from "../rules/cache-entry.ts";
import type { Job } from "../rules/job.ts";
import type { PromotionChanges, PromotionContext, PromotionReads } from "../rules/promotion-context.ts";
import type { Usage } from "../rules/usage.ts";
import type { JobCollections } from "./job-collections.ts";
import { jobFrom } from "./job-documents.ts";
import { change, type Parts, readParts, writeParts } from "./promotion-parts.ts";
import { readResult } from "./read-result.ts";
import { countLaneTickets, countSlotTickets } from "./ticket-counts.ts";

/** The promotion context of one owner's pending jobs. Jobs that are decided together see what the ones before them changed. */
export interface StoredPromotionContext {
  /** The context that `promote` and `accept` take for this job. */
  of(job: Job): PromotionContext;
  /** Remembers what a decision changed. */
  note(changes: PromotionChanges): void;
  /** Adds every change to the batch, on condition that the documents are still as they were read. */
  write(batch: WriteBatch): void;
  usage(): Usage | undefined;
}

type Leader = Pick<PromotionContext, "isLeaderLive" | "cachedOutput">;

/** Reads what the rules ask for jobs of one owner at `now`; `known` spares the read of the owner's usage. */
export async function readPromotionContext(
  collections: JobCollections,
  owner: string,
  reads: readonly PromotionReads[],
  now: Date,
  known?: Stored<Usage, Timestamp>,
): Promise<StoredPromotionContext> {
  const parts = await readParts(collections, owner, reads, known);
  // Counted after the queues were read: a ticket that is taken from now on fails our commit.
  const [slotTickets, laneTickets, leaders] = await Promise.all([
    countSlotTickets(collections, owner, reads, parts),
    countLaneTickets(collections, reads, parts),
    readLeaders(collections, parts, now),
  ]);
  return contextOver(parts, slotTickets, laneTickets, leaders);
}

function contextOver(
  parts: Parts,
  slotTickets: number | undefined,
  laneTickets: Map<string, number>,
  leaders: Map<string, Leader>,
): StoredPromotionContext {
  const { usage, lanes, cache } = parts;
  let ticketsAhead = slotTickets;
  return {
    of({ lane: laneId = "", cache: { key } = { key: "" } }) {
      const [lane, laneTicketsAhead, cacheEntry] = [lanes.get(laneId), laneTickets.get(laneId), cache.get(key)];
      return {
        ...(usage.value && { usage: usage.value }),
        ...(ticketsAhead !== undefined && { ticketsAhead }),
        ...(lane?.value && { lane: lane.value }),
        ...(laneTicketsAhead !== undefined && { laneTicketsAhead }),
        ...(cacheEntry?.value && { cacheEntry: cacheEntry.value, ...leaders.get(key) }),
      };
    },
    // A count holds for the queue as it was read. Once a ticket was taken, the queue's own bound counts.
    note(changes) {
      if (changes.usage) {
        change(usage, changes.usage);
        ticketsAhead = undefined;
      }
      if (changes.lane) {
        change(lanes.get(changes.lane.laneId), changes.lane);
        laneTickets.delete(changes.lane.laneId);
      }
      if (changes.cacheEntry) {
        change(cache.get(changes.cacheEntry.key), changes.cacheEntry);
        leaders.set(changes.cacheEntry.key, { isLeaderLive: true });
      }
    },
    write: (batch) => writeParts(parts, batch),
    usage: () => usage.value,
  };
}

async function readLeaders(collections: JobCollections, { cache }: Parts, now: Date): Promise<Map<string, Leader>> {
  const leaders = [...cache].map(async ([key, { value: entry }]): Promise<[string, Leader]> => {
    return [key, entry ? await readLeader(collections, entry, now) : {}];
  });
  return new Map(await Promise.all(leaders));
}

async function readLeader(collections: JobCollections, entry: CacheEntry, now: Date): Promise<Leader> {
  if (!entry.isDone) {
    const { value: leader } = await read(true, collections.jobs.doc(entry.jobId), jobFrom);
    return { isLeaderLive: leader !== undefined && isLeading(leader) };
  }
  if (entry.expireAt <= now) return {};
  const output = (await readResult(collections, entry.jobId))?.output;
  return output === undefined ? {} : { cachedOutput: output };
}
