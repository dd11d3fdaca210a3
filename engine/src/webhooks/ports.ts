import type { DeliveryMessage } from "@baton/protocol";
import type { Alert } from "./rules/alert.ts";
import type { Delivery, DeliveryCommand, DeliveryState, DeliveryTransition, PostOutcome } from "./rules/delivery.ts";
import type { DisabledReason, Endpoint, EndpointKeys, EndpointSecret, SignatureScheme } from "./rules/endpoint.ts";
import type { EndpointHealth } from "./rules/health.ts";
import type { Recovery } from "./rules/recovery.ts";

/** What an owner may change of an endpoint. */
export type EndpointChange = Partial<
  Pick<Endpoint, "url" | "description" | "events" | "types" | "headerNames" | "publicKeys">
> & {
  /** Null takes the limit away. */
  rateLimit?: number | null;
  /** The values of the custom headers, all of them anew. */
  headers?: Record<string, string>;
};

/** Endpoints, their secrets, which are sealed at rest, and their health. A thrown error means that the store is unreachable. */
export interface EndpointStore {
  /**
   * Stores an endpoint with its first secret and custom headers, and counts it in the owner's usage, all at once; answers
   * `too-many`, and stores nothing, when the owner has `limit` already, however many ask at the same time.
   */
  create(
    endpoint: Endpoint,
    secret: EndpointSecret,
    headers: Record<string, string>,
    limit: number,
  ): Promise<"created" | "too-many">;
  /** All endpoints of one owner, disabled ones too, the oldest first. One that cannot be read is logged and left out. */
  listOf(owner: string): Promise<Endpoint[]>;
  read(endpointId: string): Promise<Endpoint | undefined>;
  /** Live secrets at `now`, newest first, at most ten, and custom headers, unsealed. Rejects when they cannot be unsealed. */
  readKeys(endpointId: string, now: Date): Promise<EndpointKeys>;
  /** Answers the endpoint as it is then; undefined when there is none. */
  change(endpointId: string, change: EndpointChange, now: Date): Promise<Endpoint | undefined>;
  /** Enabling forgets how the endpoint was doing. Answers the endpoint as it is then; undefined when there is none. Idempotent. */
  enable(endpointId: string, now: Date): Promise<Endpoint | undefined>;
  /** Keeps the reason of an endpoint that is disabled already. Answers the endpoint as it is then; undefined when there is none. Idempotent. */
  disable(endpointId: string, reason: DisabledReason, now: Date): Promise<Endpoint | undefined>;
  /** Deletes the endpoint with its secrets, and takes it from the owner's usage. Idempotent. */
  delete(endpointId: string): Promise<void>;
  /**
   * Adds a secret; the ones before it sign until `overlapUntil`, or until their own end if that is sooner. Answers `too-many`, and
   * changes nothing, when more than ten would be live at `now`; undefined when there is no such endpoint. The public keys of the
   * endpoint become those of the live secrets, each with its end.
   */
  rotate(
    endpointId: string,
    secret: EndpointSecret,
    overlapUntil: Date,
    now: Date,
  ): Promise<{ outcome: "rotated"; endpoint: Endpoint } | { outcome: "too-many" } | undefined>;
  /**
   * Changes the health by a pure rule that answers undefined for no change: reads, decides, and writes on condition that nothing
   * came between, the rule's alert in the same commit. Answers the endpoint before and after, and the alert; undefined when there
   * is none or the rule wants no change.
   */
  changeHealth(
    endpointId: string,
    rule: (
      endpoint: Endpoint,
    ) => { health: EndpointHealth; disabled?: Endpoint["disabled"]; alert?: Alert | undefined } | undefined,
    now: Date,
  ): Promise<{ before: Endpoint; endpoint: Endpoint; alert?: Alert } | undefined>;
}

/** What to list. Absent fields do not filter. */
export interface DeliveryFilter {
  owner: string;
  endpointId?: string;
  jobId?: string;
  state?: DeliveryState;
  /** 1 to 100. */
  limit: number;
  cursor?: string;
}

/** Deliveries and their attempts. A thrown error means that the store is unreachable. */
export interface DeliveryStore {
  /**
   * Creates deliveries that are not there yet, and settles the result of `settles` in the same commit when none of them was. Answers,
   * in their order, which were created by this call. Repeating it after a crash creates none twice.
   */
  createAll(deliveries: readonly Delivery[], settles: string | undefined): Promise<boolean[]>;
  /** Applies an event as `moveDelivery` decides, with the attempt's record; of two concurrent callers one is first, and the other is decided on what that one left. */
  apply(deliveryId: string, event: DeliveryCommand, now: Date): Promise<DeliveryTransition | { outcome: "not-found" }>;
  read(deliveryId: string): Promise<Delivery | undefined>;
  /** Newest first. `bad-cursor` for a cursor that this list did not give. */
  list(filter: DeliveryFilter): Promise<{ deliveries: Delivery[]; nextCursor?: string } | "bad-cursor">;
  /** All attempts of a delivery that have ended and are kept, the first one first; at most 100. */
  listAttempts(deliveryId: string): Promise<import("./rules/delivery.ts").DeliveryAttempt[]>;
  /** Deliveries of an endpoint created in the span and after the cursor, the oldest first. */
  listMissed(recovery: Recovery, limit: number): Promise<Delivery[]>;
  /** Lists the ids of an endpoint's deliveries that are in one of `states`, in no order; at most `limit`. */
  listIds(endpointId: string, states: readonly DeliveryState[], limit: number): Promise<string[]>;
}

/** A delivery that is due, as far as the sweep has to know it. A document that nobody can read is one, too. */
export interface DueDelivery {
  deliveryId: string;
  /** As stored. */
  endpointId?: string;
  state?: string;
}

/** Finds the deliveries, recoveries and alerts that the sweep looks after. A thrown error means that the store is unreachable. */
export interface DueDeliveryStore {
  /** Takes deliveries of all shards due by `now`, the longest due first, and puts their next look to `until`. Of two callers one has each. */
  takeDue(now: Date, until: Date, limit: number): Promise<DueDelivery[]>;
  /** Pending deliveries whose attempt is due after `after` and by `by`, the next one first. */
  listSleeping(after: Date, by: Date, limit: number): Promise<{ deliveryId: string; dueAt: Date }[]>;
  takeDueRecoveries(now: Date, until: Date, limit: number): Promise<string[]>;
  takeDueAlerts(now: Date, until: Date, limit: number): Promise<string[]>;
}

/** A thrown error means that the store is unreachable. */
export interface RecoveryStore {
  /**
   * Creates a recovery unless one of its endpoint runs: of any number at the same moment one is begun, and the others are told
   * which one runs. Undefined when there is no such endpoint.
   */
  begin(recovery: Recovery): Promise<{ outcome: "begun" } | { outcome: "running"; recovery: Recovery } | undefined>;
  read(recoveryId: string): Promise<Recovery | undefined>;
  /** Writes the next state on condition that nobody did meanwhile; false, and nothing is written, when somebody did. */
  advance(before: Recovery, after: Recovery): Promise<boolean>;
  /** Newest first, at most 20. */
  listOf(endpointId: string): Promise<Recovery[]>;
}

/** Alerts, which `EndpointStore.changeHealth` writes. A thrown error means that the store is unreachable. */
export interface AlertStore {
  read(alertId: string): Promise<Alert | undefined>;
  /** Notes that the owner was told. Idempotent; an alert that is gone stays gone. */
  settle(alertId: string): Promise<void>;
}

/** Sends messages about deliveries. Resolves once Pub/Sub has the message; rejects when it has not, within 10 s. */
export interface DeliveryPublisher {
  /**
   * Asks `deliver` for one thing: to make the deliveries of a job that ended, to make an attempt of a delivery, to
   * continue a recovery, to stop the deliveries of an endpoint, or to tell an owner of an alert.
   */
  publishDelivery(message: DeliveryMessage): Promise<void>;
}

/** A message to the owner of an endpoint. */
export interface MailMessage {
  messageId: string;
  owner: string;
  /** The endpoint it is about. */
  endpointId: string;
  /** When what it tells of happened. */
  createdAt: Date;
  subject: string;
  text: string;
}

/** Tells a person by e-mail. Resolves once somebody else has the message; rejects when nobody has. */
export interface Mail {
  send(message: MailMessage): Promise<void>;
}

/** Gives the deliveries that gather while an endpoint is paused moments to come back at. */
export interface StaggeredResume {
  /** A moment at the end of the pause or after it. */
  resumeAtAfter(endpointId: string, pausedUntil: Date): Date;
}

/** Makes a fresh secret for an endpoint; of scheme `v1a` with the public key that verifies: `whpk_` + base64. */
export type NewWebhookKey = (scheme: SignatureScheme) => { secret: string; publicKey?: string };

/** Encrypts what is secret at rest; `context` has to be the same to open it. */
export interface SecretBox {
  seal(plain: string, context: string): Sealed;
  /** Throws when the key is unknown, or anything was changed. */
  open(sealed: Sealed, context: string): string;
}

/** AES-256-GCM: base64 of the nonce (12 bytes), and of the ciphertext with its tag (16 bytes) at the end. */
export interface Sealed {
  keyId: string;
  nonce: string;
  box: string;
}

/** Says whether a webhook may be sent to a URL, before any connection is made. `message` is for the tenant: it says what to change and names no internal address. */
export interface UrlGuard {
  judge(url: string): { outcome: "allowed" } | { outcome: "refused"; message: string };
}

/** Says whether a webhook may be sent to an IP address (canonical notation, no brackets). Anything else is refused. The port matters for addresses of this machine alone. */
export type AddressJudge = (address: string, port?: number) => "allowed" | "refused";

/** Sends one webhook request: no redirect is followed, nothing is decoded, one total deadline. */
export interface WebhookTransport {
  /** Never throws: whatever goes wrong on the way is an outcome. */
  post(request: { url: string; headers: Record<string, string>; body: string }): Promise<PostOutcome>;
}
