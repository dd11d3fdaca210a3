import type { Endpoint } from "../core/webhooks/endpoint.ts";
import { type AttemptEnd, afterAttempt } from "../core/webhooks/health-rules.ts";
import type { DeliveryStore, EndpointStore } from "../core/webhooks/ports.ts";
import { type TellOwnerPorts, tellOwner } from "./tell-owner.ts";

/** What noting an endpoint's health needs. */
export interface NoteHealthPorts extends TellOwnerPorts {
  endpoints: TellOwnerPorts["endpoints"] & Pick<EndpointStore, "changeHealth">;
  deliveries: TellOwnerPorts["deliveries"] & Pick<DeliveryStore, "apply" | "listPending">;
}

/** Deliveries stopped side by side, and how many times; the rest finds out by itself when it is due. */
const PAGE = 100;
const MAX_PAGES = 5;

/**
 * Notes what an attempt says of its endpoint, as it was when the attempt began; stops what is pending when that disabled it, and
 * tells its owner. A success of a healthy endpoint costs nothing. Never rejects: the attempt is recorded, and the next one says
 * the same of the endpoint.
 */
export async function noteHealth(ports: NoteHealthPorts, endpoint: Endpoint, attempt: AttemptEnd): Promise<void> {
  const now = ports.clock.now();
  const { endpointId, url } = endpoint;
  if (!afterAttempt(endpoint, attempt, now)) return;
  try {
    // What an address answered says nothing of the one that took its place.
    const rule = (fresh: Endpoint) => (fresh.url === url ? afterAttempt(fresh, attempt, now) : undefined);
    const changed = await ports.endpoints.changeHealth(endpointId, rule, now);
    if (!changed) return;
    const { disabled } = changed.endpoint;
    const isNewlyDisabled = disabled !== undefined && changed.before.disabled === undefined;
    if (isNewlyDisabled) await stopPending(ports, endpointId, disabled.reason === "gone" ? "cancel" : "hold");
    await tellOwner(ports, changed, now);
  } catch (error) {
    ports.log.error("What an attempt says of its endpoint was not noted, or not all of it.", { endpointId, error });
  }
}

async function stopPending(ports: NoteHealthPorts, endpointId: string, kind: "cancel" | "hold"): Promise<void> {
  const { deliveries, clock } = ports;
  for (let page = 0; page < MAX_PAGES; page++) {
    const ids = await deliveries.listPending(endpointId, PAGE);
    await Promise.all(ids.map((deliveryId) => deliveries.apply(deliveryId, { kind }, clock.now())));
    if (ids.length < PAGE) return;
  }
}
