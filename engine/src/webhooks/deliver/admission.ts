import type { Clock } from "../../kit/ports.ts";
import type { Pace } from "../../kit/rate-limiter.ts";
import { destinationOf } from "../egress/destination.ts";
import type { EndpointStore, Parking } from "../ports.ts";
import type { Delivery } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { type Gate, gate } from "../rules/health-rules.ts";
import type { InFlight } from "./in-flight.ts";

/** What letting an attempt through needs. */
export interface AdmitPorts {
  endpoints: Pick<EndpointStore, "changeHealth">;
  pace: Pace;
  inFlight: InFlight;
  parking: Parking;
  clock: Clock;
  /** 0 up to 1. */
  random(): number;
}

/** Whether an attempt may be made now, or when to ask again. `leave` is to be called once it was made. */
export type Admission =
  | { outcome: "admitted"; isProbe: boolean; leave(): void }
  | { outcome: "postponed"; until: Date; isPaced: boolean };

/** When to ask again at an endpoint that has no room: 1 to 5 s later. */
const NO_ROOM_MS = 1000;
const MORE_NO_ROOM_MS = 4000;
/** A moment given out by the rate limit is waited for when it is this near, and lost when it is past for longer than `MAX_LATE_MS`. */
const MAX_WAIT_MS = 1000;
const MAX_LATE_MS = 2000;

/**
 * Lets an attempt through to its endpoint, as the endpoint's health, the attempts this process makes there already and its rate
 * limit allow. Waits 3 s at most. The URL of a job itself, which has no endpoint, knows neither health nor rate.
 */
export async function admit(
  ports: AdmitPorts,
  { delivery, endpoint, url }: { delivery: Delivery; endpoint?: Endpoint | undefined; url: string },
): Promise<Admission> {
  if (endpoint) {
    const passage = gate(endpoint.health, ports.clock.now());
    if (passage.outcome === "paused") return paused(ports, endpoint, passage.until);
  }
  const leave = await ports.inFlight.enter(destinationOf(delivery, url));
  if (!leave) return postponed(ports.clock, NO_ROOM_MS + ports.random() * MORE_NO_ROOM_MS);
  const admission = endpoint ? await pass(ports, delivery, endpoint).catch(leaving(leave)) : { isProbe: false };
  if (!("until" in admission)) return { outcome: "admitted", ...admission, leave };
  leave();
  return admission;
}

/** The rate comes before the health: of a probe, nothing may keep it from being made. */
async function pass(ports: AdmitPorts, delivery: Delivery, endpoint: Endpoint) {
  const moment = await reserve(ports, delivery, endpoint);
  const waitMs = moment.getTime() - ports.clock.now().getTime();
  if (waitMs > MAX_WAIT_MS) return { outcome: "postponed" as const, until: moment, isPaced: true };
  if (waitMs > 0) await new Promise<void>((resolve) => ports.clock.after(waitMs, resolve));
  return probe(ports, endpoint);
}

async function reserve({ pace, clock }: AdmitPorts, delivery: Delivery, endpoint: Endpoint): Promise<Date> {
  const now = clock.now();
  const { isPaced, nextAttemptAt } = delivery;
  const isItsMoment = isPaced && nextAttemptAt && now.getTime() - nextAttemptAt.getTime() <= MAX_LATE_MS;
  if (endpoint.rateLimit === undefined || isItsMoment) return now;
  return pace.reserve(endpoint.endpointId, endpoint.rateLimit, now);
}

/** After a pause one attempt alone is made: whoever says so first in the endpoint's document. */
async function probe(ports: AdmitPorts, { endpointId, health }: Endpoint) {
  const now = ports.clock.now();
  if (gate(health, now).outcome === "open") return { isProbe: false };
  const found: { gate: Gate } = { gate: { outcome: "open" } };
  const rule = (fresh: Endpoint) => {
    found.gate = gate(fresh.health, now);
    return found.gate.outcome === "probe" ? { health: found.gate.health } : undefined;
  };
  const changed = await ports.endpoints.changeHealth(endpointId, rule, now);
  if (changed) return { isProbe: true };
  return found.gate.outcome === "paused" ? paused(ports, { endpointId }, found.gate.until) : { isProbe: false };
}

function paused({ parking }: AdmitPorts, { endpointId }: Pick<Endpoint, "endpointId">, until: Date) {
  return { outcome: "postponed" as const, until: parking.momentAfter(endpointId, until), isPaced: false };
}

function postponed(clock: Clock, ms: number) {
  return { outcome: "postponed" as const, until: new Date(clock.now().getTime() + Math.ceil(ms)), isPaced: false };
}

function leaving(leave: () => void) {
  return (error: unknown): never => {
    leave();
    throw error;
  };
}
