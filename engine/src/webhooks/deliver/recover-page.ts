import { pause } from "../../kit/pause.ts";
import type { Clock, Log } from "../../kit/ports.ts";
import { continueStopping } from "../endpoints/stop-deliveries.ts";
import type { DeliveryPublisher, DeliveryStore, EndpointStore, RecoveryStore } from "../ports.ts";
import type { Delivery, DeliveryState } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import type { Recovery } from "../rules/recovery.ts";

/** What going on with a recovery needs. */
export interface ContinueRecoveryPorts {
  recoveries: Pick<RecoveryStore, "read" | "advance">;
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "listMissed" | "apply" | "listIds">;
  publisher: DeliveryPublisher;
  clock: Clock;
  log: Log;
}

const PAGE = 100;
/** How long one page may take before the sweep sends somebody else. */
const PAGE_MS = 60_000;
/** How far ahead a resend is waited for; the sweep finds those that are further away. */
const MAX_NAP_MS = 25_000;
/** Resends in a second to an endpoint that has no rate limit. */
const DEFAULT_RATE = 5;
/** What was not delivered, and what nobody is delivering. */
const MISSED: readonly DeliveryState[] = ["failed", "held", "cancelled"];

/**
 * Takes a recovery one page further: asks for every delivery of the page that was missed, each in a moment of its own, publishes them when
 * these have come, and then the message for the next page. It ends with the last page, or when its endpoint is disabled or deleted. Of two callers one has the page;
 * one that dies is made up for by the sweep. Rejects when the store is unreachable.
 */
export async function continueRecovery(ports: ContinueRecoveryPorts, recoveryId: string): Promise<void> {
  const read = await ports.recoveries.read(recoveryId);
  if (read?.state !== "running") return;
  const now = ports.clock.now();
  const recovery: Recovery = { ...read, dueAt: new Date(now.getTime() + PAGE_MS), updatedAt: now };
  if (!(await ports.recoveries.advance(read, recovery))) return;

  const endpoint = await ports.endpoints.read(recovery.endpointId);
  const isOver = !endpoint || endpoint.owner !== recovery.owner || endpoint.disabled !== undefined;
  const page = isOver ? [] : await ports.deliveries.listMissed(recovery, PAGE);
  const resent = endpoint ? await resendPage(ports, recovery, endpoint, page) : [];
  const after = progress(recovery, page, resent, stepOf(endpoint), ports.clock.now());
  const isDone = page.length < PAGE;
  if (!(await ports.recoveries.advance(recovery, isDone ? done(after) : after))) return;
  // A stop that came between looked at these deliveries before they were asked for.
  if (resent.length > 0) await continueStopping(ports, recovery.endpointId);
  await publishInTurn(ports, resent);
  if (!isDone) await ports.publisher.publishDelivery({ recoveryId });
}

function stepOf(endpoint: Endpoint | undefined): number {
  return Math.ceil(1000 / (endpoint?.rateLimit ?? DEFAULT_RATE));
}

async function resendPage(
  ports: ContinueRecoveryPorts,
  recovery: Recovery,
  endpoint: Endpoint,
  page: readonly Delivery[],
): Promise<Delivery[]> {
  const now = ports.clock.now();
  const missed = page.filter(({ state }) => MISSED.includes(state));
  const answers = await Promise.all(
    missed.map(({ deliveryId }, index) => {
      const at = new Date(firstSlot(recovery, now) + index * stepOf(endpoint));
      return ports.deliveries.apply(deliveryId, { kind: "resend", at }, now);
    }),
  );
  return answers.flatMap((answer) => (answer.outcome === "moved" ? [answer.delivery] : []));
}

function firstSlot({ nextSlotAt }: Recovery, now: Date): number {
  return Math.max(nextSlotAt.getTime(), now.getTime());
}

function progress(
  recovery: Recovery,
  page: readonly Delivery[],
  resent: readonly Delivery[],
  stepMs: number,
  now: Date,
): Recovery {
  const last = page.at(-1);
  return {
    ...recovery,
    seen: recovery.seen + page.length,
    resent: recovery.resent + resent.length,
    ...(last && { cursor: { createdAt: last.createdAt, deliveryId: last.deliveryId } }),
    nextSlotAt: new Date(firstSlot(recovery, now) + resent.length * stepMs),
    updatedAt: now,
  };
}

/** They are stored as due in their moments: what is not published here is found by the sweep. */
async function publishInTurn({ publisher, clock, log }: ContinueRecoveryPorts, resent: readonly Delivery[]) {
  const endsAt = clock.now().getTime() + MAX_NAP_MS;
  for (const { deliveryId, nextAttemptAt } of resent) {
    const dueMs = nextAttemptAt?.getTime() ?? 0;
    if (dueMs > endsAt) return;
    const leftMs = dueMs - clock.now().getTime();
    if (leftMs > 0) await pause(clock, leftMs);
    try {
      await publisher.publishDelivery({ deliveryId });
    } catch (error) {
      log.warn("A recovered delivery was not published; the sweep does it.", { deliveryId, error });
    }
  }
}

function done({ dueAt: _, ...recovery }: Recovery): Recovery {
  return { ...recovery, state: "done" };
}
