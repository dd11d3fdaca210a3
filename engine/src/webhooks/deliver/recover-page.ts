import { pauseUntil } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import { continueStopping } from "../endpoints/stop-deliveries.ts";
import type { DeliveryStore, EndpointStore, RecoveryStore } from "../ports.ts";
import { type PublishPorts, publishOrLeave } from "../publish-or-leave.ts";
import type { Delivery, DeliveryState } from "../rules/delivery.ts";
import { stopOf } from "../rules/delivery-policy.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import type { Recovery } from "../rules/recovery.ts";

/** The ports that recovering a page needs. */
export interface RecoverPagePorts extends PublishPorts {
  recoveries: Pick<RecoveryStore, "read" | "advance">;
  endpoints: Pick<EndpointStore, "read">;
  deliveries: Pick<DeliveryStore, "listMissed" | "apply" | "listIds">;
  clock: Clock;
}

const PAGE = 100;
/** How long one page may take before the sweep publishes the recovery again. */
const PAGE_MS = 60_000;
/** How far ahead a resend is waited for. The sweep finds the later ones. */
const MAX_WAIT_MS = 25_000;
/** Resends in a second to an endpoint without a rate limit. */
const DEFAULT_RATE = 5;
/** States of deliveries that did not succeed and that no sender works on. */
const MISSED: readonly DeliveryState[] = ["failed", "held", "cancelled"];

/**
 * Recovers one page of deliveries: schedules every missed one in a slot of its own, publishes them at their times, then
 * publishes the message for the next page. The recovery is complete after the last page, or when its endpoint is
 * disabled or deleted. Of two callers one gets the page; the sweep repeats the page of a process that dies. Rejects
 * when the store is unreachable.
 */
export async function recoverPage(ports: RecoverPagePorts, recoveryId: string): Promise<void> {
  const read = await ports.recoveries.read(recoveryId);
  if (read?.state !== "running") return;
  const now = ports.clock.now();
  const recovery: Recovery = { ...read, dueAt: new Date(now.getTime() + PAGE_MS), updatedAt: now };
  if (!(await ports.recoveries.advance(read, recovery))) return;

  const endpoint = await ports.endpoints.read(recovery.endpointId);
  const mayResend = stopOf(endpoint) === undefined && endpoint?.owner === recovery.owner;
  const page = mayResend ? await ports.deliveries.listMissed(recovery, PAGE) : [];
  const resent = endpoint ? await resendPage(ports, recovery, endpoint, page) : [];
  const after = progress(recovery, page, resent, intervalMsOf(endpoint), ports.clock.now());
  const isLastPage = page.length < PAGE;
  if (!(await ports.recoveries.advance(recovery, isLastPage ? completed(after) : after))) return;
  // A stop of the endpoint meanwhile did not see these deliveries as pending.
  if (resent.length > 0) await continueStopping(ports, recovery.endpointId);
  await publishAtSlots(ports, resent);
  if (!isLastPage) await ports.publisher.publishDelivery({ recoveryId });
}

function intervalMsOf(endpoint: Endpoint | undefined): number {
  return Math.ceil(1000 / (endpoint?.rateLimit ?? DEFAULT_RATE));
}

async function resendPage(
  ports: RecoverPagePorts,
  recovery: Recovery,
  endpoint: Endpoint,
  page: readonly Delivery[],
): Promise<Delivery[]> {
  const now = ports.clock.now();
  const missed = page.filter(({ state }) => MISSED.includes(state));
  const answers = await Promise.all(
    missed.map(({ deliveryId }, index) => {
      const at = new Date(firstSlotMs(recovery, now) + index * intervalMsOf(endpoint));
      return ports.deliveries.apply(deliveryId, { kind: "resend", at }, now);
    }),
  );
  return answers.flatMap((answer) => (answer.outcome === "moved" ? [answer.delivery] : []));
}

function firstSlotMs({ nextSlotAt }: Recovery, now: Date): number {
  return Math.max(nextSlotAt.getTime(), now.getTime());
}

function progress(
  recovery: Recovery,
  page: readonly Delivery[],
  resent: readonly Delivery[],
  intervalMs: number,
  now: Date,
): Recovery {
  const last = page.at(-1);
  return {
    ...recovery,
    seen: recovery.seen + page.length,
    resent: recovery.resent + resent.length,
    ...(last && { cursor: { createdAt: last.createdAt, deliveryId: last.deliveryId } }),
    nextSlotAt: new Date(firstSlotMs(recovery, now) + resent.length * intervalMs),
    updatedAt: now,
  };
}

/**
 * Publishes each delivery in its slot. They are stored as due then, so the sweep finds those that are not published.
 */
async function publishAtSlots(ports: RecoverPagePorts, resent: readonly Delivery[]): Promise<void> {
  const { clock } = ports;
  const endsAtMs = clock.now().getTime() + MAX_WAIT_MS;
  for (const { deliveryId, nextAttemptAt } of resent) {
    const slotAt = nextAttemptAt ?? clock.now();
    if (slotAt.getTime() > endsAtMs) return;
    await pauseUntil(clock, slotAt);
    await publishOrLeave(ports, { deliveryId });
  }
}

function completed({ dueAt: _, ...recovery }: Recovery): Recovery {
  return { ...recovery, state: "complete" };
}
