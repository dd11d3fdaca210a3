import type { EndpointEvent } from "@baton/protocol";
import type { Alert } from "../rules/alert.ts";
import type { Delivery } from "../rules/delivery.ts";
import { beginsHeld } from "../rules/delivery-policy.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { wants } from "../rules/filter.ts";
import { newDelivery } from "../rules/move-delivery.ts";
import { webhookId } from "../signing/webhook-id.ts";

/**
 * Creates the deliveries of an alert to the owner's other endpoints: due at `now`, or held where the endpoint is
 * disabled. Their ids are derived, so that the same alert creates the same deliveries.
 */
export function endpointEventDeliveries(alert: Alert, endpoints: readonly Endpoint[], now: Date): Delivery[] {
  const event = endpointEvent(alert);
  const { alertId, owner, expireAt } = alert;
  const body = JSON.stringify(event);
  return endpoints
    .filter((endpoint) => endpoint.endpointId !== alert.endpointId && wants(endpoint, event.type))
    .map((endpoint) => {
      const { endpointId } = endpoint;
      const deliveryId = webhookId(alertId, event.type, endpointId);
      const start = beginsHeld(endpoint)
        ? ({ state: "held" } as const)
        : ({ state: "pending", nextAttemptAt: now } as const);
      return newDelivery({ deliveryId, owner, endpointId, event: event.type, body, expireAt }, start, now);
    });
}

function endpointEvent(alert: Alert): EndpointEvent {
  const { kind, endpointId, message, percent, failingSince, createdAt } = alert;
  return {
    type: `endpoint.${kind}`,
    timestamp: createdAt.toISOString(),
    data: {
      endpointId,
      message,
      ...(percent !== undefined && { percent }),
      ...(failingSince && { failingSince: failingSince.toISOString() }),
    },
  };
}
