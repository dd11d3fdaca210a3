import type { EndpointEvent } from "@baton/protocol";
import type { Notice } from "../rules/alert.ts";
import type { Delivery } from "../rules/delivery.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { wants } from "../rules/filter.ts";
import { newDelivery } from "../rules/move-delivery.ts";
import { webhookId } from "../signing/webhook-id.ts";

/**
 * The deliveries that tell an owner's other endpoints of a notice: due at `now`, or held where the endpoint is disabled. Their ids are
 * derived, so that the same notice makes the same ones.
 */
export function endpointEventDeliveries(notice: Notice, endpoints: readonly Endpoint[], now: Date): Delivery[] {
  const event = endpointEvent(notice);
  const { noticeId, owner, expireAt } = notice;
  const body = JSON.stringify(event);
  return endpoints
    .filter((endpoint) => endpoint.endpointId !== notice.endpointId && wants(endpoint, event.type))
    .map(({ endpointId, disabled }) => {
      const deliveryId = webhookId(noticeId, event.type, endpointId);
      const start = disabled ? ({ state: "held" } as const) : ({ state: "pending", nextAttemptAt: now } as const);
      return newDelivery({ deliveryId, owner, endpointId, event: event.type, body, expireAt }, start, now);
    });
}

function endpointEvent(notice: Notice): EndpointEvent {
  const { kind, endpointId, message, percent, failingSince, createdAt } = notice;
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
