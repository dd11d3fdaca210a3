import type { Clock, Log, Publisher } from "../core/ports.ts";
import type { Delivery, DeliveryState } from "../core/webhooks/delivery.ts";
import type { Endpoint } from "../core/webhooks/endpoint.ts";
import type { DeliveryStore, EndpointStore, RecoveryStore } from "../core/webhooks/ports.ts";
import type { Recovery } from "../core/webhooks/recovery.ts";

/** What going on with a recovery needs. */
export interface ContinueRecoveryPorts {
  recoveries: Pick<RecoveryStore, "read" | "advance">;
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "listMissed" | "apply">;
  publisher: Pick<Publisher, "publishDelivery">;
  clock: Clock;
  log: Log;
}

const PAGE = 100;
/** How long one page may take before the sweep sends somebody else. */
const PAGE_MS = 60_000;
/** Resends in a second to an endpoint that has no rate limit. */
const DEFAULT_RATE = 5;
/** What was not delivered, and what nobody is delivering. */
const MISSED: readonly DeliveryState[] = ["failed", "held", "cancelled"];

/**
 * Takes a recovery one page further: asks for every delivery of the page that was missed, each in a moment of its own, and publishes the
 * message for the next page. It ends with the last page, or when its endpoint is disabled or deleted. Of two callers one has the page;
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
  const after = endpoint ? await resendPage(ports, recovery, endpoint, page) : recovery;
  const isDone = page.length < PAGE;
  const isAdvanced = await ports.recoveries.advance(recovery, isDone ? done(after) : after);
  if (isAdvanced && !isDone) await ports.publisher.publishDelivery({ recoveryId });
}

async function resendPage(
  ports: ContinueRecoveryPorts,
  recovery: Recovery,
  endpoint: Endpoint,
  page: readonly Delivery[],
): Promise<Recovery> {
  const now = ports.clock.now();
  const stepMs = Math.ceil(1000 / (endpoint.rateLimit ?? DEFAULT_RATE));
  const missed = page.filter(({ state }) => MISSED.includes(state));
  const firstMs = Math.max(recovery.nextSlotAt.getTime(), now.getTime());
  const resent = await Promise.all(
    missed.map(({ deliveryId }, index) => {
      const at = new Date(firstMs + index * stepMs);
      return ports.deliveries.apply(deliveryId, { kind: "resend", at }, now);
    }),
  );
  const last = page.at(-1);
  return {
    ...recovery,
    seen: recovery.seen + page.length,
    resent: recovery.resent + resent.filter(({ outcome }) => outcome === "moved").length,
    ...(last && { cursor: { createdAt: last.createdAt, deliveryId: last.deliveryId } }),
    nextSlotAt: new Date(firstMs + missed.length * stepMs),
    updatedAt: now,
  };
}

function done({ dueAt: _, ...recovery }: Recovery): Recovery {
  return { ...recovery, state: "done" };
}
