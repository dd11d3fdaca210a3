import { isDeepStrictEqual } from "node:util";
import { type Firestore, Timestamp, type WriteBatch } from "@google-cloud/firestore";
import { groupCommit } from "../../kit/group-commit.ts";
import { keyedMutex } from "../../kit/keyed-mutex.ts";
import type { Log } from "../../kit/ports.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { documentDiff } from "../../platform/firestore/document-diff.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { isAway, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read, type Stored } from "../../platform/firestore/read-document.ts";
import type { EndpointChange, EndpointStore, SecretBox } from "../ports.ts";
import type { Endpoint } from "../rules/endpoint.ts";
import { HEALTHY } from "../rules/health.ts";
import { endpointFrom, HEADERS_ID, headerFields, secretFields } from "./endpoint-documents.ts";
import { endpointSecrets } from "./endpoint-secrets.ts";
import { countEndpoints, writeEndpointCount } from "./endpoint-usage.ts";

type HealthRule = Parameters<EndpointStore["changeHealth"]>[1];
type HealthChange = Awaited<ReturnType<EndpointStore["changeHealth"]>>;

/** Changes of one endpoint's health that are written together. */
const MAX_GROUP = 100;

/**
 * The endpoint store on Firestore: `endpoints/{endpointId}`, its `secrets`, and `usage/{owner}`. Every change is decided on what was
 * read, and committed on condition that it is still so. Changes of one endpoint's health that meet in one process are
 * written together.
 */
export function firestoreEndpointStore(db: Firestore, box: SecretBox, log: Log): EndpointStore {
  const endpoints = db.collection(COLLECTIONS.endpoints);
  const at = (endpointId: string) => endpoints.doc(endpointId);
  const headersOf = (endpointId: string) => at(endpointId).collection(COLLECTIONS.secrets).doc(HEADERS_ID);
  const readStored = (endpointId: string): Promise<Stored<Endpoint>> => read(true, at(endpointId), endpointFrom);

  // All of one owner's endpoints are counted in one document.
  const inOwnersTurn = keyedMutex();

  /** Writes what `rule` changes, and what `beside` adds; nothing when both are nothing. */
  function edit(endpointId: string, rule: (endpoint: Endpoint) => Endpoint, beside?: (batch: WriteBatch) => void) {
    return retryConflicts(async () => {
      const { value: before, updateTime } = await readStored(endpointId);
      if (!before || !updateTime) return undefined;
      const endpoint = rule(before);
      const changes = documentDiff(before, endpoint);
      if (!beside && Object.keys(changes).length === 0) return endpoint;
      const batch = db.batch();
      batch.update(
        at(endpointId),
        { ...changes, updatedAt: Timestamp.fromDate(endpoint.updatedAt) },
        { lastUpdateTime: updateTime },
      );
      beside?.(batch);
      await batch.commit();
      return endpoint;
    });
  }

  const changeAll = groupCommit<{ rule: HealthRule; now: Date }, { change: HealthChange }>(
    MAX_GROUP,
    (endpointId, questions) =>
      retryConflicts(async () => {
        const { value: before, updateTime } = await readStored(endpointId);
        if (!before || !updateTime) return questions.map(() => ({ change: undefined }));
        let endpoint = before;
        const answers = questions.map(({ rule, now }) => {
          const change = changedHealth(endpoint, rule, now);
          if (change) endpoint = change.endpoint;
          return { change };
        });
        const changes = documentDiff(before, endpoint);
        if (Object.keys(changes).length === 0) return answers;
        const batch = db.batch();
        batch.update(at(endpointId), changes, { lastUpdateTime: updateTime });
        for (const { change } of answers) {
          const alert = change?.alert;
          if (alert) batch.set(db.collection(COLLECTIONS.alerts).doc(alert.alertId), toFields(alert));
        }
        await batch.commit();
        return answers;
      }),
    isAway,
  );

  return {
    ...endpointSecrets(db, box),

    create: (endpoint, secret, headers, limit) =>
      inOwnersTurn(endpoint.owner, () =>
        retryConflicts(async (tried) => {
          const { endpointId, owner, createdAt } = endpoint;
          // A try whose answer was lost may have been committed.
          if (tried > 0 && (await at(endpointId).get()).exists) return "created";
          const count = await countEndpoints(db, owner);
          if (count.endpoints >= limit) return "too-many";
          const batch = db.batch();
          batch.create(at(endpointId), toFields(endpoint));
          const secretRef = at(endpointId).collection(COLLECTIONS.secrets).doc(secret.secretId);
          batch.create(secretRef, secretFields(box, endpointId, secret));
          if (Object.keys(headers).length > 0) {
            batch.create(headersOf(endpointId), headerFields(box, endpointId, headers));
          }
          writeEndpointCount(batch, { ...count, endpoints: count.endpoints + 1 }, createdAt);
          await batch.commit();
          return "created";
        }),
      ),

    async listOf(owner) {
      const { docs } = await endpoints.where("owner", "==", owner).get();
      const found = docs.flatMap((document) => {
        try {
          return [endpointFrom(document.data())];
        } catch {
          // Going on is safe, and stopping is not: one damaged document would keep the owner's other endpoints from their events.
          log.error("endpoint cannot be read", { endpointId: document.id });
          return [];
        }
      });
      return found.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
    },

    read: async (endpointId) => (await readStored(endpointId)).value,

    change: (endpointId, { headers, ...change }, now) =>
      edit(
        endpointId,
        (endpoint) => changed(endpoint, change, now),
        (batch) => {
          if (headers) batch.set(headersOf(endpointId), headerFields(box, endpointId, headers));
          // What was given out by another rate is void.
          if (change.rateLimit !== undefined) batch.delete(db.collection(COLLECTIONS.rateLimits).doc(endpointId));
        },
      ),

    enable: (endpointId, now) =>
      edit(endpointId, (endpoint) => {
        const { disabled, ...rest } = endpoint;
        const isFresh = !disabled && isDeepStrictEqual(rest.health, HEALTHY);
        return isFresh ? endpoint : { ...rest, health: HEALTHY, updatedAt: now };
      }),

    disable: (endpointId, reason, now) =>
      edit(endpointId, (endpoint) =>
        endpoint.disabled ? endpoint : { ...endpoint, disabled: { reason, at: now }, updatedAt: now },
      ),

    delete: (endpointId) =>
      retryConflicts(async () => {
        const document = await at(endpointId).get();
        const { updateTime } = document;
        if (!updateTime) return;
        const secrets = await at(endpointId).collection(COLLECTIONS.secrets).select().get();
        const owner: unknown = document.get("owner");
        const batch = db.batch();
        batch.delete(at(endpointId), { lastUpdateTime: updateTime });
        for (const { ref } of secrets.docs) batch.delete(ref);
        batch.delete(db.collection(COLLECTIONS.rateLimits).doc(endpointId));
        if (typeof owner === "string") {
          const count = await countEndpoints(db, owner);
          if (count.updateTime) writeEndpointCount(batch, { ...count, endpoints: Math.max(0, count.endpoints - 1) });
        }
        await batch.commit();
      }),

    changeHealth: async (endpointId, rule, now) => (await changeAll(endpointId, { rule, now })).change,
  };
}

function changed(endpoint: Endpoint, { rateLimit, ...change }: Omit<EndpointChange, "headers">, now: Date): Endpoint {
  const { rateLimit: before, ...rest } = endpoint;
  const limit = rateLimit === undefined ? before : (rateLimit ?? undefined);
  return { ...rest, ...change, ...(limit !== undefined && { rateLimit: limit }), updatedAt: now };
}

/** An endpoint that is disabled already keeps its reason. */
function changedHealth(before: Endpoint, rule: HealthRule, now: Date): HealthChange {
  const change = rule(before);
  if (!change) return undefined;
  const disabled = before.disabled ?? change.disabled;
  const { health, alert } = change;
  const endpoint = { ...before, health, ...(disabled && { disabled }), updatedAt: now };
  return { before, endpoint, ...(alert && { alert }) };
}
