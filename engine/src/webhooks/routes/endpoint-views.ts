import type {
  DeliveryAttemptView,
  DeliveryDetails,
  DeliveryView,
  EndpointHealthView,
  EndpointView,
  RecoveryView,
} from "@baton/protocol";
import type { AttemptSummary, Delivery, DeliveryAttempt } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import type { EndpointHealth } from "../rules/health.ts";
import type { Recovery } from "../rules/recovery.ts";

/** Shows an endpoint to its owner at `now`: without secrets, values of custom headers and internal fields. */
export function endpointView(endpoint: Endpoint, now: Date): EndpointView {
  const { disabled } = endpoint;
  return {
    endpointId: endpoint.endpointId,
    url: endpoint.url,
    description: endpoint.description,
    events: endpoint.events,
    types: endpoint.types,
    headerNames: endpoint.headerNames,
    ...(endpoint.rateLimit !== undefined && { rateLimit: endpoint.rateLimit }),
    scheme: endpoint.scheme,
    ...(endpoint.scheme === "v1a" && { publicKeys: liveKeys(endpoint, now) }),
    ...(disabled && { disabled: { reason: disabled.reason, at: disabled.at.toISOString() } }),
    health: healthView(endpoint.health, now),
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}

/** Lists the keys whose secrets still sign; older ones must not be trusted any more. */
function liveKeys({ publicKeys }: Endpoint, now: Date): string[] {
  return publicKeys.flatMap(({ key, expireAt }) => (expireAt === undefined || expireAt > now ? [key] : []));
}

/** Shows the health without a pause that has passed. */
function healthView({ failures, failingSince, pausedUntil, pausedBy }: EndpointHealth, now: Date): EndpointHealthView {
  const isPaused = pausedUntil !== undefined && pausedUntil > now;
  return {
    failures,
    ...(failingSince && { failingSince: failingSince.toISOString() }),
    ...(isPaused && { pausedUntil: pausedUntil.toISOString(), ...(pausedBy && { pausedBy }) }),
  };
}

/** Shows a delivery to its owner. */
export function deliveryView(delivery: Delivery): DeliveryView {
  const { jobId, jobType, nextAttemptAt, last } = delivery;
  return {
    deliveryId: delivery.deliveryId,
    endpointId: delivery.endpointId,
    event: delivery.event,
    ...(jobId !== undefined && { jobId }),
    ...(jobType !== undefined && { jobType }),
    state: delivery.state,
    attemptCount: delivery.attemptCount,
    ...(nextAttemptAt && { nextAttemptAt: nextAttemptAt.toISOString() }),
    ...(last && { lastAttempt: summaryView(last) }),
    createdAt: delivery.createdAt.toISOString(),
    updatedAt: delivery.updatedAt.toISOString(),
  };
}

/** Shows a delivery with its attempts. */
export function deliveryDetails(delivery: Delivery, attempts: readonly DeliveryAttempt[]): DeliveryDetails {
  return { ...deliveryView(delivery), attempts: attempts.map(attemptView) };
}

function attemptView(attempt: DeliveryAttempt): DeliveryAttemptView {
  const { number, requestHeaders, excerpt, nextAttemptAt } = attempt;
  return {
    number,
    ...summaryView(attempt),
    requestHeaders,
    ...(excerpt !== undefined && { excerpt }),
    ...(nextAttemptAt && { nextAttemptAt: nextAttemptAt.toISOString() }),
  };
}

function summaryView({ at, durationMs, status, kind }: AttemptSummary) {
  return {
    at: at.toISOString(),
    durationMs,
    ...(status !== undefined && { status }),
    ...(kind !== undefined && { error: kind }),
  };
}

/** Shows a recovery to the owner of its endpoint. */
export function recoveryView(recovery: Recovery): RecoveryView {
  const { recoveryId, endpointId, since, until, state, seen, resent, createdAt, updatedAt } = recovery;
  return {
    recoveryId,
    endpointId,
    since: since.toISOString(),
    until: until.toISOString(),
    state,
    seen,
    resent,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
