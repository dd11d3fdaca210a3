import type { DeliveryState } from "./delivery.ts";
import type { Endpoint } from "./endpoint.ts";
import { breakerState } from "./health-rules.ts";

/** The action of an endpoint that takes no deliveries: it applies to its deliveries in `states`. */
export interface Stop {
  action: "hold" | "cancel";
  states: readonly DeliveryState[];
}

/** The action on a delivery that is due at an endpoint. `probe`: one is sent, the others wait until `until`. */
export type DeliveryPolicy =
  | { action: "send" }
  | { action: "probe"; until: Date }
  | { action: "postpone"; until: Date }
  | Stop;

const DISABLED: Stop = { action: "hold", states: ["pending", "sending"] };
const GONE: Stop = { action: "cancel", states: ["pending", "sending"] };
const DELETED: Stop = { action: "cancel", states: ["pending", "sending", "held"] };

/**
 * Decides what an endpoint does to its deliveries at `now`: a paused endpoint postpones them, a disabled one holds
 * them, and one that answered 410 or was deleted (undefined) cancels them. Every other place asks here.
 */
export function deliveryPolicy(endpoint: Pick<Endpoint, "disabled" | "health"> | undefined, now: Date): DeliveryPolicy {
  const stop = stopOf(endpoint);
  if (stop || !endpoint) return stop ?? DELETED;
  const breaker = breakerState(endpoint.health, now);
  if (breaker.state === "open") return { action: "postpone", until: breaker.until };
  if (breaker.state === "closed") return { action: "send" };
  return { action: "probe", until: breaker.until };
}

/**
 * Answers why an endpoint takes no deliveries; undefined when it takes them, paused or not. A deleted endpoint is never
 * enabled again, so it cancels what was held for it, too.
 */
export function stopOf(endpoint: Pick<Endpoint, "disabled"> | undefined): Stop | undefined {
  if (!endpoint) return DELETED;
  if (!endpoint.disabled) return undefined;
  return endpoint.disabled.reason === "gone" ? GONE : DISABLED;
}

/**
 * Says whether a new delivery begins as `held`. One that answered 410 holds, too: its owner may enable and recover it.
 */
export function beginsHeld(endpoint: Pick<Endpoint, "disabled">): boolean {
  return endpoint.disabled !== undefined;
}
