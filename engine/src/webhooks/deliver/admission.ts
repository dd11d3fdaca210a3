import { pauseUntil } from "../../kit/pause.ts";
import type { Clock } from "../../kit/ports.ts";
import type { RateLimiter } from "../../kit/rate-limiter.ts";
import { destinationOf } from "../egress/destination.ts";
import type { EndpointStore, StaggeredResume } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { type BreakerState, breakerState } from "../rules/health-rules.ts";
import type { InFlightLimit } from "./in-flight-limit.ts";

/** The ports that admitting an attempt needs. */
export interface AdmissionPorts {
  endpoints: Pick<EndpointStore, "changeHealth">;
  rateLimiter: RateLimiter;
  inFlight: InFlightLimit;
  staggeredResume: StaggeredResume;
  clock: Clock;
  /** A random number from 0 up to 1. */
  random(): number;
}

/** Permits one attempt, or postpones it. Call `release` once after the attempt. */
export type Admission =
  | { outcome: "permitted"; isProbe: boolean; release(): void }
  | { outcome: "postponed"; until: Date; hasReservedSlot: boolean };

/** How long an attempt is postponed when too many are in flight: 1 s and up to 4 s of jitter. */
const IN_FLIGHT_DELAY_MS = 1000;
const IN_FLIGHT_JITTER_MS = 4000;
/** A slot of the rate limit that is this near is waited for. */
const MAX_WAIT_MS = 1000;
/** A reserved slot is lost when it is longer ago than this. */
const MAX_LATE_MS = 2000;

/**
 * Asks for the permit to make one attempt: from the breaker of the endpoint, from the limit of attempts in flight, then
 * from the rate limit. Waits 3 s at most. A job's own URL has no endpoint, so neither a breaker nor a rate limit.
 */
export async function permit(
  ports: AdmissionPorts,
  { delivery, endpoint, url }: { delivery: Delivery; endpoint?: Endpoint | undefined; url: string },
): Promise<Admission> {
  const breaker = endpoint && breakerState(endpoint.health, ports.clock.now());
  if (endpoint && breaker?.state === "open") return postponedByPause(ports, endpoint, breaker.until);
  const release = await ports.inFlight.acquire(destinationOf(delivery, url));
  if (!release) return postponedByLoad(ports);
  const admission = endpoint
    ? await permitOfEndpoint(ports, delivery, endpoint).catch(releasing(release))
    : { isProbe: false };
  if (!("until" in admission)) return { outcome: "permitted", ...admission, release };
  release();
  return admission;
}

/** Takes the slot before the probe: nothing may stop an attempt after it became the only probe. */
async function permitOfEndpoint(ports: AdmissionPorts, delivery: Delivery, endpoint: Endpoint) {
  const slotAt = await reserveSlot(ports, delivery, endpoint);
  const waitMs = slotAt.getTime() - ports.clock.now().getTime();
  if (waitMs > MAX_WAIT_MS) return { outcome: "postponed" as const, until: slotAt, hasReservedSlot: true };
  await pauseUntil(ports.clock, slotAt);
  return becomeProbe(ports, endpoint);
}

async function reserveSlot(
  { rateLimiter, clock }: AdmissionPorts,
  delivery: Delivery,
  endpoint: Endpoint,
): Promise<Date> {
  const now = clock.now();
  const { hasReservedSlot, nextAttemptAt } = delivery;
  const isInSlot = hasReservedSlot && nextAttemptAt && now.getTime() - nextAttemptAt.getTime() <= MAX_LATE_MS;
  if (endpoint.rateLimit === undefined || isInSlot) return now;
  return rateLimiter.reserve(endpoint.endpointId, endpoint.rateLimit, now);
}

/** After a pause, only the sender that first writes the extended pause probes the endpoint. */
async function becomeProbe(ports: AdmissionPorts, { endpointId, health }: Endpoint) {
  const now = ports.clock.now();
  if (breakerState(health, now).state === "closed") return { isProbe: false };
  const found: { breaker: BreakerState } = { breaker: { state: "closed" } };
  const rule = (fresh: Endpoint) => {
    found.breaker = breakerState(fresh.health, now);
    return found.breaker.state === "half-open" ? { health: found.breaker.health } : undefined;
  };
  const changed = await ports.endpoints.changeHealth(endpointId, rule, now);
  if (changed) return { isProbe: true };
  const { breaker } = found;
  return breaker.state === "open" ? postponedByPause(ports, { endpointId }, breaker.until) : { isProbe: false };
}

function postponedByPause(
  { staggeredResume }: AdmissionPorts,
  { endpointId }: Pick<Endpoint, "endpointId">,
  pausedUntil: Date,
) {
  const until = staggeredResume.resumeAtAfter(endpointId, pausedUntil);
  return { outcome: "postponed" as const, until, hasReservedSlot: false };
}

function postponedByLoad({ clock, random }: AdmissionPorts) {
  const delayMs = Math.ceil(IN_FLIGHT_DELAY_MS + random() * IN_FLIGHT_JITTER_MS);
  return {
    outcome: "postponed" as const,
    until: new Date(clock.now().getTime() + delayMs),
    hasReservedSlot: false,
  };
}

function releasing(release: () => void) {
  return (error: unknown): never => {
    release();
    throw error;
  };
}
