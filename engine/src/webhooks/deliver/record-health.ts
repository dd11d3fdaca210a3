import { stopNowOrLater } from "../endpoints/stop-deliveries.ts";
import type { DeliveryStore, EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { alertOf } from "../rules/health-alerts.ts";
import { type AttemptEnd, afterAttempt } from "../rules/health-rules.ts";
import { type SendAlertPorts, sendAlert } from "./send-alert.ts";

/** The ports that recording an endpoint's health needs. */
export interface RecordHealthPorts extends SendAlertPorts {
  endpoints: SendAlertPorts["endpoints"] & Pick<EndpointStore, "changeHealth">;
  deliveries: SendAlertPorts["deliveries"] & Pick<DeliveryStore, "apply" | "listIds">;
}

/**
 * Records the outcome of an attempt in the health of its endpoint, with an alert when the owner has to know. `endpoint`
 * is as it was when the attempt began. When the attempt disables the endpoint, its deliveries are stopped. A success of
 * a healthy endpoint costs nothing. Never rejects: the next attempt shows the same health. When the process dies, the
 * sweep completes it: the alert is due until it is sent, and a pending delivery is held or cancelled when it is due.
 */
export async function recordHealth(ports: RecordHealthPorts, endpoint: Endpoint, attempt: AttemptEnd): Promise<void> {
  const now = ports.clock.now();
  const { endpointId, url } = endpoint;
  if (!afterAttempt(endpoint, attempt, now)) return;
  try {
    const rule = (fresh: Endpoint) => {
      // The outcome at one URL says nothing about the URL that replaced it.
      const change = fresh.url === url ? afterAttempt(fresh, attempt, now) : undefined;
      return change && { ...change, alert: alertOf(fresh, { ...fresh, ...change }, now) };
    };
    const changed = await ports.endpoints.changeHealth(endpointId, rule, now);
    if (!changed) return;
    if (!changed.before.disabled) await stopIfDisabled(ports, changed.endpoint);
    if (changed.alert) await sendAlert(ports, changed.alert);
  } catch (error) {
    const fields = { event: "endpoint.health-not-recorded", endpointId, error } as const;
    ports.log.error("The health of an endpoint was not recorded, or not completely.", fields);
  }
}

async function stopIfDisabled(ports: RecordHealthPorts, endpoint: Endpoint): Promise<void> {
  const { endpointId, owner, disabled } = endpoint;
  if (!disabled) return;
  const fields = { event: "endpoint.disabled", endpointId, owner, reason: disabled.reason } as const;
  ports.log.warn("A webhook endpoint was disabled.", fields);
  await stopNowOrLater(ports, endpointId, endpoint);
}
