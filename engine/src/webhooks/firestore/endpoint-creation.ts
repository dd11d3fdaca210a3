import type { DocumentReference, Firestore } from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { Endpoint, EndpointSecret } from "../rules/endpoint.ts";
import type { SecretBox } from "../signing/ports.ts";
import { headerFields, secretFields } from "./endpoint-documents.ts";
import { headersRef, secretRef } from "./endpoint-secrets.ts";
import { countEndpoints, writeEndpointCount } from "./endpoint-usage.ts";

/** A new endpoint with its first secret, its custom headers, and how many endpoints its owner may have. */
interface Creation {
  endpoint: Endpoint;
  secret: EndpointSecret;
  headers: Record<string, string>;
  limit: number;
}

/** Creates an endpoint and counts it in the usage of its owner, in one commit. */
export function createEndpoint(
  db: Firestore,
  box: SecretBox,
  { endpoint, secret, headers, limit }: Creation,
): Promise<"created" | "too-many"> {
  const { endpointId, owner, createdAt } = endpoint;
  const ref = db.collection(COLLECTIONS.endpoints).doc(endpointId);
  return retryConflicts(async (tried) => {
    // A try whose answer was lost may have been committed.
    if (tried > 0 && (await ref.get()).exists) return "created";
    const count = await countEndpoints(db, owner);
    if (count.endpoints >= limit) return "too-many";
    const batch = db.batch();
    batch.create(ref, toFields(endpoint));
    batch.create(secretRef(ref, secret.secretId), secretFields(box, endpointId, secret));
    if (Object.keys(headers).length > 0) batch.create(headersRef(ref), headerFields(box, endpointId, headers));
    writeEndpointCount(batch, { ...count, endpoints: count.endpoints + 1 }, createdAt);
    await batch.commit();
    return "created";
  });
}

/** Deletes an endpoint with its secrets and its rate limit, and takes it from the usage of its owner, in one commit. */
export function deleteEndpoint(db: Firestore, ref: DocumentReference): Promise<void> {
  return retryConflicts(async () => {
    const document = await ref.get();
    const { updateTime } = document;
    if (!updateTime) return;
    const secrets = await ref.collection(COLLECTIONS.secrets).select().get();
    const owner: unknown = document.get("owner");
    const batch = db.batch();
    batch.delete(ref, { lastUpdateTime: updateTime });
    for (const secret of secrets.docs) batch.delete(secret.ref);
    batch.delete(db.collection(COLLECTIONS.rateLimits).doc(ref.id));
    if (typeof owner === "string") {
      const count = await countEndpoints(db, owner);
      if (count.updateTime) writeEndpointCount(batch, { ...count, endpoints: Math.max(0, count.endpoints - 1) });
    }
    await batch.commit();
  });
}
