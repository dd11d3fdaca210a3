import { randomBytes } from "node:crypto";
import type { EndpointStore } from "../../engine/src/webhooks/ports.ts";
import type { Alert } from "../../engine/src/webhooks/rules/alert.ts";
import type { Delivery } from "../../engine/src/webhooks/rules/delivery.ts";
import type { Endpoint, EndpointSecret } from "../../engine/src/webhooks/rules/endpoint.ts";
import type { Recovery } from "../../engine/src/webhooks/rules/recovery.ts";
import { randomJobId, randomOwner } from "./jobs.ts";

const T0 = new Date("2026-01-01T00:00:00.000Z");
const EXPIRY = new Date("2026-01-31T00:00:00.000Z");

/** A delivery id no other test has. */
export function randomDeliveryId(): string {
  return `msg_${randomBytes(16).toString("hex")}`;
}

/**
 * An enabled, healthy endpoint of a fresh owner that wants everything, made on 1 January 2026; `given` replaces what it
 * names.
 */
export function anEndpoint(given: Partial<Endpoint> = {}): Endpoint {
  return {
    endpointId: randomJobId(),
    owner: randomOwner(),
    url: "https://hooks.example.com/",
    description: "",
    events: [],
    types: [],
    headerNames: [],
    scheme: "v1",
    publicKeys: [],
    health: { failures: 0, alertedPercent: 0 },
    createdAt: T0,
    updatedAt: T0,
    ...given,
  };
}

/** A live `v1` secret, made on 1 January 2026; `given` replaces what it names. */
export function aSecret(given: Partial<EndpointSecret> = {}): EndpointSecret {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  return { secretId: randomJobId(), secret, createdAt: T0, ...given };
}

/** A delivery to a fresh endpoint whose first attempt began on 1 January 2026; `given` replaces what it names. */
export function aDelivery(given: Partial<Delivery> = {}): Delivery {
  return {
    deliveryId: randomDeliveryId(),
    owner: randomOwner(),
    endpointId: randomJobId(),
    event: "job.completed",
    jobId: randomJobId(),
    jobType: "test.job",
    state: "sending",
    attemptCount: 1,
    tries: 1,
    busyUntil: new Date("2026-01-01T00:00:30.000Z"),
    dueAt: new Date("2026-01-01T00:00:30.000Z"),
    shard: 3,
    createdAt: T0,
    updatedAt: T0,
    expireAt: EXPIRY,
    ...given,
  };
}

/** A running recovery of a fresh endpoint's December; `given` replaces what it names. */
export function aRecovery(given: Partial<Recovery> = {}): Recovery {
  return {
    recoveryId: randomJobId(),
    owner: randomOwner(),
    endpointId: randomJobId(),
    since: new Date("2025-12-01T00:00:00.000Z"),
    until: T0,
    state: "running",
    seen: 0,
    resent: 0,
    nextSlotAt: T0,
    dueAt: T0,
    shard: 3,
    createdAt: T0,
    updatedAt: T0,
    expireAt: EXPIRY,
    ...given,
  };
}

/**
 * An alert of a fresh endpoint, failing since New Year and halfway to being disabled, due since then; with `given`
 * fields.
 */
export function anAlert(given: Partial<Alert> = {}): Alert {
  const endpointId = randomJobId();
  return {
    alertId: `${endpointId}-failing-50-${T0.getTime()}`,
    owner: randomOwner(),
    endpointId,
    kind: "failing",
    percent: 50,
    failingSince: T0,
    message: "Half of it.",
    dueAt: T0,
    shard: 3,
    createdAt: T0,
    expireAt: EXPIRY,
    ...given,
  };
}

/** Writes an alert as the store does: with the health of an endpoint, a fresh one. */
export async function giveAlert(endpoints: EndpointStore, alert: Alert): Promise<void> {
  const endpoint = anEndpoint();
  await endpoints.create(endpoint, aSecret(), {}, 1);
  await endpoints.changeHealth(endpoint.endpointId, ({ health }) => ({ health, alert }), new Date(T0.getTime() + 1));
}
