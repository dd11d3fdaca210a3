import { beginDelivery, type Delivery, endAttempt } from "../../functions/src/core/delivery.ts";
import type { DeliveryStore, Endpoint, EndpointStore } from "../../functions/src/core/ports.ts";

/** The endpoint store in memory; held to the contract of `test/contract/endpoint-store.test.ts`. */
export function memoryEndpointStore(): EndpointStore & { add(endpoint: Endpoint): void } {
  const endpoints = new Map<string, Endpoint>();
  return {
    add: (endpoint) => void endpoints.set(endpoint.endpointId, structuredClone(endpoint)),
    async listEnabled(owner) {
      const found = [...endpoints.values()].filter((endpoint) => endpoint.owner === owner && !endpoint.disabled);
      return structuredClone(found.slice(0, 20));
    },
    async disable(endpointId) {
      const endpoint = endpoints.get(endpointId);
      if (endpoint) endpoints.set(endpointId, { ...endpoint, disabled: true });
    },
  };
}

/** The delivery store in memory, on the same rules; held to the contract of `test/contract/delivery-store.test.ts`. */
export function memoryDeliveryStore(): DeliveryStore {
  const deliveries = new Map<string, Delivery>();
  return {
    async begin(wanted, now) {
      const beginning = beginDelivery(deliveries.get(wanted.deliveryId), wanted, now);
      if (beginning.outcome === "begun") deliveries.set(wanted.deliveryId, structuredClone(beginning.delivery));
      return structuredClone(beginning);
    },
    async end(deliveryId, attempt, state, now) {
      const stored = deliveries.get(deliveryId);
      if (stored) deliveries.set(deliveryId, structuredClone(endAttempt(stored, attempt, state, now)));
    },
    async read(deliveryId) {
      return structuredClone(deliveries.get(deliveryId));
    },
  };
}
