import type { EndpointStore } from "../webhooks/ports.ts";
import type { Endpoint, EndpointSecret, PublicKey } from "../webhooks/rules/endpoint.ts";
import { changed, changedHealth, disabled, enabled } from "../webhooks/rules/endpoint-changes.ts";
import { liveSecrets, rotateSecrets } from "../webhooks/rules/secret-rotation.ts";
import { publicKeyOf } from "../webhooks/signing/webhook-keys.ts";
import { memoryAlertStore } from "./memory-alert-store.ts";

interface Keys {
  secrets: EndpointSecret[];
  headers: Record<string, string>;
}

/** An endpoint store in memory. `put` stores any endpoint. */
export interface MemoryEndpointStore extends EndpointStore {
  put(endpoint: Endpoint, secrets: readonly string[], headers?: Record<string, string>): void;
}

type Edit = (endpointId: string, rule: (endpoint: Endpoint) => Endpoint) => Endpoint | undefined;

/**
 * The endpoint store in memory, with its alerts in `alerts`; held to the contract of
 * `test/contract/endpoint-store.test.ts`.
 */
export function memoryEndpointStore(alerts = memoryAlertStore()): MemoryEndpointStore {
  const endpoints = new Map<string, Endpoint>();
  const keys = new Map<string, Keys>();
  const own = (owner: string) => ownedBy(owner, [...endpoints.values()]);
  const edit: Edit = (endpointId, rule) => {
    const before = endpoints.get(endpointId);
    if (before) endpoints.set(endpointId, structuredClone(rule(before)));
    return structuredClone(endpoints.get(endpointId));
  };
  return {
    put(endpoint, secrets, headers = {}) {
      endpoints.set(endpoint.endpointId, structuredClone(endpoint));
      keys.set(endpoint.endpointId, { secrets: numbered(secrets, endpoint.createdAt), headers });
    },
    async create(endpoint, secret, headers, limit) {
      if (own(endpoint.owner).length >= limit) return "too-many";
      endpoints.set(endpoint.endpointId, structuredClone(endpoint));
      keys.set(endpoint.endpointId, structuredClone({ secrets: [secret], headers }));
      return "created";
    },
    listOf: async (owner) => structuredClone(own(owner)),
    read: async (endpointId) => structuredClone(endpoints.get(endpointId)),
    ...endpointChanges(edit, keys),
    ...endpointKeys(edit, keys),
    async delete(endpointId) {
      endpoints.delete(endpointId);
      keys.delete(endpointId);
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

function endpointKeys(edit: Edit, keys: Map<string, Keys>): Pick<EndpointStore, "readKeys" | "rotate"> {
  return {
    async readKeys(endpointId, now) {
      const { secrets = [], headers = {} } = keys.get(endpointId) ?? {};
      return { secrets: liveSecrets(secrets, now).map(({ secret }) => secret), headers: structuredClone(headers) };
    },
    async rotate(endpointId, secret, overlapUntil, now) {
      const stored = keys.get(endpointId);
      if (!stored) return undefined;
      const secrets = rotated(stored.secrets, secret, overlapUntil, now);
      if (!secrets) return { outcome: "too-many" };
      stored.secrets = structuredClone(secrets);
      const publicKeys = publicKeysOf(secrets);
      const endpoint = edit(endpointId, (before) => ({ ...before, publicKeys, updatedAt: now }));
      return endpoint && { outcome: "rotated", endpoint };
    },
  };
}

function endpointChanges(edit: Edit, keys: Map<string, Keys>): Pick<EndpointStore, "change" | "enable" | "disable"> {
  return {
    async change(endpointId, { headers, ...change }, now) {
      const stored = keys.get(endpointId);
      if (headers && stored) stored.headers = structuredClone(headers);
      return edit(endpointId, (endpoint) => changed(endpoint, change, now));
    },
    enable: async (endpointId, now) => edit(endpointId, (endpoint) => enabled(endpoint, now)),
    disable: async (endpointId, reason, now) => edit(endpointId, (endpoint) => disabled(endpoint, reason, now)),
  };
}

function ownedBy(owner: string, endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints
    .filter((endpoint) => endpoint.owner === owner)
    .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
}

function numbered(secrets: readonly string[], createdAt: Date): EndpointSecret[] {
  return secrets.map((secret, index) => ({ secretId: `secret${index}`, secret, createdAt }));
}

/** The live secrets after a rotation, newest first; undefined when there would be too many. */
function rotated(secrets: readonly EndpointSecret[], secret: EndpointSecret, overlapUntil: Date, now: Date) {
  const rotation = rotateSecrets(secrets, overlapUntil, now);
  return rotation.outcome === "too-many" ? undefined : [secret, ...rotation.staying];
}

function publicKeysOf(secrets: readonly EndpointSecret[]): PublicKey[] {
  return secrets.flatMap(({ secret, expireAt }) => {
    const key = publicKeyOf(secret);
    return key === undefined ? [] : [{ key, ...(expireAt && { expireAt }) }];
  });
}
