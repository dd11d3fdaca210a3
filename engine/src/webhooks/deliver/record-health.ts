import { stopDeliveries, stopNowOrLater } from "../endpoints/stop-deliveries.ts";
import type { DeliveryStore, EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { noticeOf } from "../rules/health-alerts.ts";
import { type AttemptEnd, afterAttempt } from "../rules/health-rules.ts";
import { type TellOwnerPorts, tellOwner } from "./send-alert.ts";

/** What noting an endpoint's health needs. */
export interface NoteHealthPorts extends TellOwnerPorts {
  endpoints: TellOwnerPorts["endpoints"] & Pick<EndpointStore, "changeHealth">;
  deliveries: TellOwnerPorts["deliveries"] & Pick<DeliveryStore, "apply" | "listIds">;
}

/**
 * Notes the outcome of an attempt in the health of its endpoint, as it was when the attempt began, with a notice when
 * its owner is to know. Stops its deliveries when that disabled it, and tells the owner. A success of a healthy
 * endpoint costs nothing. Never rejects: the attempt is recorded, and the next one says the same of the endpoint. When
 * a process dies, the sweep repairs it: the notice is due until it is told, and a pending delivery is held or cancelled
 * when its time comes.
 */
export async function noteHealth(ports: NoteHealthPorts, endpoint: Endpoint, attempt: AttemptEnd): Promise<void> {
  const now = ports.clock.now();
  const { endpointId, url } = endpoint;
  if (!afterAttempt(endpoint, attempt, now)) return;
  try {
    const rule = (fresh: Endpoint) => {
      // What an address answered says nothing of the one that took its place.
      const change = fresh.url === url ? afterAttempt(fresh, attempt, now) : undefined;
      return change && { ...change, notice: noticeOf(fresh, { ...fresh, ...change }, now) };
    };
    const changed = await ports.endpoints.changeHealth(endpointId, rule, now);
    if (!changed) return;
    const { disabled, owner } = changed.endpoint;
    if (disabled && !changed.before.disabled) {
      const { reason } = disabled;
      ports.log.warn("A webhook endpoint was disabled.", { endpointId, owner, reason });
      const stop = reason === "gone" ? "gone" : "disabled";
      await stopNowOrLater(ports, endpointId, () => stopDeliveries(ports, endpointId, stop));
    }
    if (changed.notice) await tellOwner(ports, changed.notice);
  } catch (error) {
    ports.log.error("What an attempt says of its endpoint was not noted, or not all of it.", { endpointId, error });
  }
}
