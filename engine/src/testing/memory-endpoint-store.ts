import type { EndpointStore } from "../webhooks/ports.ts";
import type { Endpoint, EndpointSecret } from "../webhooks/rules/endpoint.ts";
import { changed, changedHealth, disabled, enabled } from "../webhooks/rules/endpoint-changes.ts";
import { liveSecrets, rotateSecrets } from "../webhooks/rules/secret-rotation.ts";
import { publicKeyOf } from "../webhooks/signing/webhook-keys.ts";
import { memoryAlertStore } from "./memory-alert-store.ts";

/**
 * The endpoint store in memory, with its alerts in `alerts`; held to the contract of
 * `test/contract/endpoint-store.test.ts`. `put` stores any endpoint.
 */
export function memoryEndpointStore(alerts = memoryAlertStore()): EndpointStore & {
  put(endpoint: Endpoint, secrets: readonly string[], headers?: Record<string, string>): void;
} {
  const endpoints = new Map<string, Endpoint>();
  const keys = new Map<string, { secrets: EndpointSecret[]; headers: Record<string, string> }>();
  const own = (owner: string) =>
    [...endpoints.values()]
      .filter((endpoint) => endpoint.owner === owner)
      .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  const edit = (endpointId: string, rule: (endpoint: Endpoint) => Endpoint) => {
    const before = endpoints.get(endpointId);
    if (before) endpoints.set(endpointId, structuredClone(rule(before)));
    return structuredClone(endpoints.get(endpointId));
  };
  return {
    put(endpoint, secrets, headers = {}) {
      const { endpointId, createdAt } = endpoint;
      const stored = secrets.map((secret, index) => ({ secretId: `secret${index}`, secret, createdAt }));
      endpoints.set(endpointId, structuredClone(endpoint));
      keys.set(endpointId, { secrets: stored, headers });
    },
    async create(endpoint, secret, headers, limit) {
      if (own(endpoint.owner).length >= limit) return "too-many";
      endpoints.set(endpoint.endpointId, structuredClone(endpoint));
      keys.set(endpoint.endpointId, structuredClone({ secrets: [secret], headers }));
      return "created";
    },
    listOf: async (owner) => structuredClone(own(owner)),
    read: async (endpointId) => structuredClone(endpoints.get(endpointId)),
    async readKeys(endpointId, now) {
      const { secrets = [], headers = {} } = keys.get(endpointId) ?? {};
      return { secrets: liveSecrets(secrets, now).map(({ secret }) => secret), headers: structuredClone(headers) };
    },
    async change(endpointId, { headers, ...change }, now) {
      const stored = keys.get(endpointId);
      if (headers && stored) stored.headers = structuredClone(headers);
      return edit(endpointId, (endpoint) => changed(endpoint, change, now));
    },
    enable: async (endpointId, now) => edit(endpointId, (endpoint) => enabled(endpoint, now)),
    disable: async (endpointId, reason, now) => edit(endpointId, (endpoint) => disabled(endpoint, reason, now)),
    async delete(endpointId) {
      endpoints.delete(endpointId);
      keys.delete(endpointId);
    },
    async rotate(endpointId, secret, overlapUntil, now) {
      const stored = keys.get(endpointId);
      if (!stored) return undefined;
      const rotation = rotateSecrets(stored.secrets, overlapUntil, now);
      if (rotation.outcome === "too-many") return rotation;
      const secrets = [secret, ...rotation.staying];
      stored.secrets = structuredClone(secrets);
      const publicKeys = secrets.flatMap(({ secret, expireAt }) => {
        const key = publicKeyOf(secret);
        return key === undefined ? [] : [{ key, ...(expireAt && { expireAt }) }];
      });
      const endpoint = edit(endpointId, (before) => ({ ...before, publicKeys, updatedAt: now }));
      return endpoint && { outcome: "rotated", endpoint };
    },
    async changeHealth(endpointId, rule, now) {
      const before = endpoints.get(endpointId);
      const change = before && changedHealth(structuredClone(before), rule, now);
      if (!change) return undefined;
      endpoints.set(endpointId, structuredClone(change.endpoint));
      if (change.alert) alerts.put(change.alert);
      return structuredClone(change);
    },
  };
}
