import type { DeliveryMessage } from "@baton/protocol";
import type { Alert } from "./rules/alert.ts";
import type {
  Delivery,
  DeliveryAttempt,
  DeliveryCommand,
  DeliveryState,
  DeliveryTransition,
} from "./rules/delivery.ts";
import type { DisabledReason, Endpoint, EndpointKeys, EndpointSecret } from "./rules/endpoint.ts";
import type { ChangedHealth, FieldChange, HealthRule } from "./rules/endpoint-changes.ts";
import type { Recovery } from "./rules/recovery.ts";

/** The fields of an endpoint that its owner may change. */
export type EndpointChange = FieldChange & {
  /** The values of the custom headers. They replace all earlier ones. */
  headers?: Record<string, string>;
};

/** Stores endpoints, their sealed secrets and their health. A thrown error means that the store is unreachable. */
export interface EndpointStore {
  /**
   * Creates an endpoint with its first secret and custom headers, and counts it in the usage of its owner. Atomic: of
   * any number of concurrent callers, no more than `limit` endpoints are created. Answers `too-many`, and stores
   * nothing, at the limit.
   */
  create(
    endpoint: Endpoint,
    secret: EndpointSecret,
    headers: Record<string, string>,
    limit: number,
  ): Promise<"created" | "too-many">;
  /** Lists all endpoints of an owner, disabled ones too, the oldest first. Logs and omits one that cannot be read. */
  listOf(owner: string): Promise<Endpoint[]>;
  /** Reads an endpoint; undefined when there is none. */
  read(endpointId: string): Promise<Endpoint | undefined>;
  /**
   * Reads the secrets that are live at `now`, newest first, at most ten, and the custom headers, unsealed. Rejects when
   * they cannot be unsealed.
   */
  readKeys(endpointId: string, now: Date): Promise<EndpointKeys>;
  /** Changes an endpoint. Atomic. Answers the changed endpoint; undefined when there is none. */
  change(endpointId: string, change: EndpointChange, now: Date): Promise<Endpoint | undefined>;
  /** Enables an endpoint and makes it healthy. Idempotent. Answers the endpoint; undefined when there is none. */
  enable(endpointId: string, now: Date): Promise<Endpoint | undefined>;
  /** Disables an endpoint; the first reason stays. Idempotent. Answers the endpoint; undefined when there is none. */
  disable(endpointId: string, reason: DisabledReason, now: Date): Promise<Endpoint | undefined>;
  /** Deletes an endpoint with its secrets, and takes it from the usage of its owner. Atomic and idempotent. */
  delete(endpointId: string): Promise<void>;
  /**
   * Adds a secret. The older ones sign until `overlapUntil`, or until their own end if that is sooner. The public keys
   * of the endpoint become those of the live secrets, each with its end. Atomic. Answers `too-many`, and changes
   * nothing, when more than ten would be live at `now`; undefined when there is no such endpoint.
   */
  rotate(
    endpointId: string,
    secret: EndpointSecret,
    overlapUntil: Date,
    now: Date,
  ): Promise<{ outcome: "rotated"; endpoint: Endpoint } | { outcome: "too-many" } | undefined>;
  /**
   * Changes the health by a pure rule, with the rule's alert in the same commit. Atomic: the rule may run again on the
   * state that a concurrent writer left. Answers undefined when there is no such endpoint or the rule wants no change.
   */
  changeHealth(endpointId: string, rule: HealthRule, now: Date): Promise<ChangedHealth | undefined>;
}

/** A filter of deliveries. Absent fields do not filter. */
export interface DeliveryFilter {
  owner: string;
  endpointId?: string;
  jobId?: string;
  state?: DeliveryState;
  /** 1 to 100. */
  limit: number;
  cursor?: string;
}

/** A due delivery with the fields that the sweep needs, as stored. A damaged document has only its id. */
export interface DueDelivery {
  deliveryId: string;
  endpointId?: string;
  state?: string;
}

/** Stores deliveries and their attempts. A thrown error means that the store is unreachable. */
export interface DeliveryStore {
  /**
   * Creates the deliveries that do not exist, and settles the result `settles` in the same commit. Answers, in the
   * order of the deliveries, which ones this call created. Idempotent: a repeat creates none twice.
   */
  createAll(deliveries: readonly Delivery[], settles: string | undefined): Promise<boolean[]>;
  /**
   * Applies a command as `moveDelivery` decides, with the record of the attempt. Atomic: of two concurrent callers, the
   * second is decided on the state that the first one left.
   */
  apply(
    deliveryId: string,
    command: DeliveryCommand,
    now: Date,
  ): Promise<DeliveryTransition | { outcome: "not-found" }>;
  /** Reads a delivery; undefined when there is none. */
  read(deliveryId: string): Promise<Delivery | undefined>;
  /** Lists deliveries, newest first. Answers `bad-cursor` for a cursor that this list did not give. */
  list(filter: DeliveryFilter): Promise<{ deliveries: Delivery[]; nextCursor?: string } | "bad-cursor">;
  /** Lists the recorded attempts of a delivery, in their order, the last 100. */
  listAttempts(deliveryId: string): Promise<DeliveryAttempt[]>;
  /** Lists the deliveries in the span of a recovery after its cursor, the oldest first. */
  listMissed(recovery: Recovery, limit: number): Promise<Delivery[]>;
  /** Lists the ids of an endpoint's deliveries that are in one of `states`, unordered; at most `limit`. */
  listIds(endpointId: string, states: readonly DeliveryState[], limit: number): Promise<string[]>;
  /**
   * Takes the deliveries of all shards that are due by `now`, the longest due first, and sets their next look to
   * `until`. Atomic for each delivery: of two concurrent callers one gets it.
   */
  takeDue(now: Date, until: Date, limit: number): Promise<DueDelivery[]>;
  /** Lists the pending deliveries that become due after `after` and by `by`, the next one first. */
  listSleeping(after: Date, by: Date, limit: number): Promise<{ deliveryId: string; dueAt: Date }[]>;
}

/** Stores recoveries. A thrown error means that the store is unreachable. */
export interface RecoveryStore {
  /**
   * Begins a recovery, unless one of the same endpoint is running. Atomic: of any number of concurrent callers one
   * begins it, and the others get the running one. Answers undefined when there is no such endpoint.
   */
  begin(recovery: Recovery): Promise<{ outcome: "begun" } | { outcome: "running"; recovery: Recovery } | undefined>;
  /** Reads a recovery; undefined when there is none. */
  read(recoveryId: string): Promise<Recovery | undefined>;
  /**
   * Writes `after` if the stored recovery is still `before` (compare and set); answers false, and writes nothing, if
   * not.
   */
  advance(before: Recovery, after: Recovery): Promise<boolean>;
  /** Lists the recoveries of an endpoint, newest first, at most 20. */
  listOf(endpointId: string): Promise<Recovery[]>;
  /** Takes due recoveries, on the terms of `DeliveryStore.takeDue`. Answers their ids. */
  takeDue(now: Date, until: Date, limit: number): Promise<string[]>;
}

/** Stores alerts, which `EndpointStore.changeHealth` creates. A thrown error means that the store is unreachable. */
export interface AlertStore {
  /** Reads an alert; undefined when there is none. */
  read(alertId: string): Promise<Alert | undefined>;
  /** Marks an alert as sent: it is not due any more. Idempotent; a deleted alert stays deleted. */
  settle(alertId: string): Promise<void>;
  /** Takes due alerts, on the terms of `DeliveryStore.takeDue`. Answers their ids. */
  takeDue(now: Date, until: Date, limit: number): Promise<string[]>;
}

/** Publishes messages about deliveries. Resolves once Pub/Sub has the message; rejects when it has not, within 10 s. */
export interface DeliveryPublisher {
  /**
   * Asks `deliver` for one of these: create the deliveries of a final job, make an attempt of a delivery, continue a
   * recovery, stop the deliveries of an endpoint, or send an alert.
   */
  publishDelivery(message: DeliveryMessage): Promise<void>;
}

/** A message to the owner of an endpoint. */
export interface MailMessage {
  messageId: string;
  owner: string;
  /** The endpoint that the message is about. */
  endpointId: string;
  /** When the alert was created. */
  createdAt: Date;
  subject: string;
  text: string;
}

/** Sends e-mail. Idempotent by `messageId`. Resolves once the mail service has the message; rejects when it has not. */
export interface Mail {
  send(message: MailMessage): Promise<void>;
}

/** Staggers the deliveries that gather while an endpoint is paused. */
export interface StaggeredResume {
  /** Picks when the next delivery to the endpoint resumes: at the end of the pause or after it. */
  resumeAtAfter(endpointId: string, pausedUntil: Date): Date;
}
