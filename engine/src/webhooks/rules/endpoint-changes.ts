import type { Alert } from "./alert.ts";
import type { DisabledReason, Endpoint } from "./endpoint.ts";
import { HEALTHY, isHealthy } from "./health.ts";
import type { HealthChange } from "./health-rules.ts";

/** The fields of an endpoint's document that its owner may change. */
export type FieldChange = Partial<
  Pick<Endpoint, "url" | "description" | "events" | "types" | "headerNames" | "publicKeys">
> & {
  /** Null removes the limit. */
  rateLimit?: number | null;
};

/** Decides a change of the health of an endpoint, with the alert about it. Undefined for no change. */
export type HealthRule = (endpoint: Endpoint) => (HealthChange & { alert?: Alert | undefined }) | undefined;

/** A change of health as it was made. */
export interface ChangedHealth {
  before: Endpoint;
  endpoint: Endpoint;
  alert?: Alert;
}

/** Changes the fields that are present. */
export function changed(endpoint: Endpoint, { rateLimit, ...change }: FieldChange, now: Date): Endpoint {
  const { rateLimit: before, ...rest } = endpoint;
  const limit = rateLimit === undefined ? before : (rateLimit ?? undefined);
  return { ...rest, ...change, ...(limit !== undefined && { rateLimit: limit }), updatedAt: now };
}

/** Enables an endpoint and makes it healthy. Answers the same endpoint when it is both already. */
export function enabled(endpoint: Endpoint, now: Date): Endpoint {
  const { disabled: before, ...rest } = endpoint;
  if (!before && isHealthy(rest.health)) return endpoint;
  return { ...rest, health: HEALTHY, updatedAt: now };
}

/** Disables an endpoint. Answers the same endpoint, with its first reason, when it is disabled already. */
export function disabled(endpoint: Endpoint, reason: DisabledReason, now: Date): Endpoint {
  return endpoint.disabled ? endpoint : { ...endpoint, disabled: { reason, at: now }, updatedAt: now };
}

/** Changes the health by `rule`; undefined when the rule wants no change. A disabled endpoint keeps its reason. */
export function changedHealth(before: Endpoint, rule: HealthRule, now: Date): ChangedHealth | undefined {
  const change = rule(before);
  if (!change) return undefined;
  const stop = before.disabled ?? change.disabled;
  const { health, alert } = change;
  const endpoint = { ...before, health, ...(stop && { disabled: stop }), updatedAt: now };
  return { before, endpoint, ...(alert && { alert }) };
}
