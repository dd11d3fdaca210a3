import type { Query } from "@google-cloud/firestore";
import { groupBy } from "../../kit/group-by.ts";
import type { PromotionReads, TicketCount } from "../rules/promotion-context.ts";
import { EMPTY_QUEUE, mayBeFull, type TicketQueue } from "../rules/ticket-queue.ts";
import type { JobCollections } from "./job-collections.ts";
import type { Parts } from "./promotion-parts.ts";

/**
 * Counts the live tickets of an owner's queue for slots; undefined where no count is asked for, or worth its read. Counts
 * far enough for the job that has most slots: two requests of an owner may come with different tiers.
 */
export function countSlotTickets(
  { jobs }: JobCollections,
  owner: string,
  reads: readonly PromotionReads[],
  { usage }: Parts,
): Promise<number | undefined> {
  const asked = reads.flatMap(({ slotTickets }) => slotTickets ?? []);
  return countTickets(jobs.where("owner", "==", owner), "engine.ticket", asked, usage.value?.slotQueue);
}

/** Counts the live tickets of each lane, by its id; a lane is left out where no count is worth its read. */
export async function countLaneTickets(
  { jobs }: JobCollections,
  reads: readonly PromotionReads[],
  { lanes }: Parts,
): Promise<Map<string, number>> {
  const asked = groupBy(
    reads.flatMap(({ laneTickets }) => laneTickets ?? []),
    ({ laneId }) => laneId,
  );
  const counts = [...asked].map(async ([laneId, counts]) => {
    const inLane = jobs.where("engine.lane", "==", laneId);
    const count = await countTickets(inLane, "engine.laneTicket", counts, lanes.get(laneId)?.value?.ticketQueue);
    return count === undefined ? [] : [[laneId, count] as const];
  });
  return new Map((await Promise.all(counts)).flat());
}

/** Jobs that are decided together are all new: none has a ticket yet. One that has a ticket is decided alone. */
async function countTickets(
  inQueue: Query,
  field: string,
  asked: readonly TicketCount[],
  queue: TicketQueue = EMPTY_QUEUE,
): Promise<number | undefined> {
  const [first] = asked;
  if (!first) return undefined;
  const { below } = first;
  if (below === undefined && !mayBeFull(queue, Math.min(...asked.map(({ capacity }) => capacity)))) return undefined;
  const counted = below === undefined ? inQueue.where(field, ">", 0) : inQueue.where(field, "<", below);
  const limit = Math.max(...asked.map((each) => each.limit));
  return (await counted.limit(limit).count().get()).data().count;
}
