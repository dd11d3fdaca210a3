import { type DocumentReference, type Firestore, Timestamp, type WriteBatch } from "@google-cloud/firestore";
import { keyedMutex } from "../../kit/keyed-mutex.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read } from "../../platform/firestore/read-document.ts";
import type { WebhookLog } from "../log-events.ts";
import type { EndpointChange, EndpointStore } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { changed, disabled, enabled } from "../rules/endpoint-changes.ts";
import type { SecretBox } from "../signing/ports.ts";
import { createEndpoint, deleteEndpoint } from "./endpoint-creation.ts";
import { endpointFrom, headerFields } from "./endpoint-documents.ts";
import { endpointHealth } from "./endpoint-health.ts";
import { headersRef, readKeys, rotateSecret } from "./endpoint-secrets.ts";

/**
 * The endpoint store on Firestore: `batonEndpoints/{endpointId}`, its `batonSecrets`, and `batonUsage/{owner}`. Every
 * change is decided on the stored state and committed on condition that the state is unchanged (optimistic
 * concurrency). Changes of one endpoint's health in one process share a commit.
 */
export function firestoreEndpointStore(db: Firestore, box: SecretBox, log: WebhookLog): EndpointStore {
  const at = (endpointId: string) => db.collection(COLLECTIONS.endpoints).doc(endpointId);
  // One usage document counts all endpoints of an owner, so creations of one owner would conflict with each other.
  const byOwner = keyedMutex();
  return {
    create: (endpoint, secret, headers, limit) =>
      byOwner(endpoint.owner, () => createEndpoint(db, box, { endpoint, secret, headers, limit })),
    listOf: (owner) => listOf(db, log, owner),
    read: async (endpointId) => (await read(true, at(endpointId), endpointFrom)).value,
    readKeys: (endpointId, now) => readKeys(at(endpointId), box, now),
    change: (endpointId, change, now) => changeEndpoint(db, box, at(endpointId), change, now),
    enable: (endpointId, now) => edit(db, at(endpointId), (endpoint) => enabled(endpoint, now)),
    disable: (endpointId, reason, now) => edit(db, at(endpointId), (endpoint) => disabled(endpoint, reason, now)),
    delete: (endpointId) => deleteEndpoint(db, at(endpointId)),
    rotate: (endpointId, secret, overlapUntil, now) => rotateSecret(db, box, at(endpointId), secret, overlapUntil, now),
    changeHealth: endpointHealth(db),
  };
}

async function listOf(db: Firestore, log: WebhookLog, owner: string): Promise<Endpoint[]> {
  const { docs } = await db.collection(COLLECTIONS.endpoints).where("owner", "==", owner).get();
  const found = docs.flatMap((document) => {
    try {
      return [endpointFrom(document.data())];
    } catch {
      // One damaged document must not keep the owner's other endpoints from their events.
      const fields = { event: "endpoint.unreadable", endpointId: document.id } as const;
      log.error("An endpoint cannot be read, and is left out.", fields);
      return [];
    }
  });
  return found.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
}

function changeEndpoint(
  db: Firestore,
  box: SecretBox,
  ref: DocumentReference,
  { headers, ...change }: EndpointChange,
  now: Date,
): Promise<Endpoint | undefined> {
  return edit(
    db,
    ref,
    (endpoint) => changed(endpoint, change, now),
    (batch) => {
      if (headers) batch.set(headersRef(ref), headerFields(box, ref.id, headers));
      // Slots of the old rate are void.
      if (change.rateLimit !== undefined) batch.delete(db.collection(COLLECTIONS.rateLimits).doc(ref.id));
    },
  );
}

/** Writes the difference that `rule` makes, and the writes that `alsoWrite` adds; nothing when there is neither. */
function edit(
  db: Firestore,
  ref: DocumentReference,
  rule: (endpoint: Endpoint) => Endpoint,
  alsoWrite?: (batch: WriteBatch) => void,
): Promise<Endpoint | undefined> {
  return retryConflicts(async () => {
    const { value: before, updateTime } = await read(true, ref, endpointFrom);
    if (!before || !updateTime) return undefined;
    const endpoint = rule(before);
    const changes = documentDiff(before, endpoint);
    if (!alsoWrite && Object.keys(changes).length === 0) return endpoint;
    const batch = db.batch();
    const updatedAt = Timestamp.fromDate(endpoint.updatedAt);
    batch.update(ref, { ...changes, updatedAt }, { lastUpdateTime: updateTime });
    alsoWrite?.(batch);
    await batch.commit();
    return endpoint;
  });
}
