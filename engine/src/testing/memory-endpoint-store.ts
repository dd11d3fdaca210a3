import { isDeepStrictEqual } from "node:util";
import type { EndpointStore } from "../webhooks/ports.ts";
import type { Endpoint, EndpointSecret } from "../webhooks/rules/endpoint.ts";
import { HEALTHY } from "../webhooks/rules/health.ts";
import { publicKeyOf } from "../webhooks/signing/webhook-keys.ts";
import { memoryAlertStore } from "./memory-alert-store.ts";

/** The endpoint store in memory, which puts alerts into `alerts`; held to the contract of `test/contract/endpoint-store.test.ts`. `put` stores any endpoint. */
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
      return { secrets: live(secrets, now).map(({ secret }) => secret), headers: structuredClone(headers) };
    },
    async change(endpointId, { headers, rateLimit, ...change }, now) {
      const stored = keys.get(endpointId);
      if (headers && stored) stored.headers = structuredClone(headers);
      return edit(endpointId, ({ rateLimit: before, ...endpoint }) => {
        const limit = rateLimit === undefined ? before : (rateLimit ?? undefined);
        return { ...endpoint, ...change, ...(limit !== undefined && { rateLimit: limit }), updatedAt: now };
      });
    },
    enable: async (endpointId, now) =>
      edit(endpointId, (endpoint) => {
        const { disabled, ...rest } = endpoint;
        if (!disabled && isDeepStrictEqual(rest.health, HEALTHY)) return endpoint;
        return { ...rest, health: HEALTHY, updatedAt: now };
      }),
    disable: async (endpointId, reason, now) =>
      edit(endpointId, (endpoint) =>
        endpoint.disabled ? endpoint : { ...endpoint, disabled: { reason, at: now }, updatedAt: now },
      ),
    async delete(endpointId) {
      endpoints.delete(endpointId);
      keys.delete(endpointId);
    },
    async rotate(endpointId, secret, overlapUntil, now) {
      const stored = keys.get(endpointId);
      if (!stored) return undefined;
      const ended = stored.secrets.map((one) => ({
        ...one,
        expireAt: one.expireAt && one.expireAt < overlapUntil ? one.expireAt : overlapUntil,
      }));
      const secrets = [secret, ...live(ended, now)];
      if (secrets.length > 10) return { outcome: "too-many" };
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
      const change = before && rule(structuredClone(before));
      if (!before || !change) return undefined;
      const disabled = before.disabled ?? change.disabled;
      const { health, alert } = change;
      const endpoint = { ...before, health, ...(disabled && { disabled }), updatedAt: now };
      endpoints.set(endpointId, structuredClone(endpoint));
      if (alert) alerts.put(alert);
      return structuredClone({ before, endpoint, ...(alert && { alert }) });
    },
  };
}

function live(secrets: readonly EndpointSecret[], now: Date): EndpointSecret[] {
  return secrets.filter(({ expireAt }) => expireAt === undefined || expireAt > now);
}
