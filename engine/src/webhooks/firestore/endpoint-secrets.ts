import { type DocumentReference, type Firestore, Timestamp, type WriteBatch } from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { type Fields, toFields } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { EndpointStore } from "../ports.ts";
import type { EndpointKeys, EndpointSecret, PublicKey } from "../rules/endpoint.ts";
import { liveSecrets, MAX_LIVE_SECRETS, rotateSecrets } from "../rules/secret-rotation.ts";
import type { SecretBox } from "../signing/ports.ts";
import { publicKeyOf } from "../signing/webhook-keys.ts";
import {
  endpointFrom,
  HEADERS_ID,
  openHeaders,
  openSecret,
  type StoredSecret,
  secretFields,
  secretFrom,
} from "./endpoint-documents.ts";

/** Refers to the document of one secret of an endpoint. */
export function secretRef(endpoint: DocumentReference, secretId: string): DocumentReference {
  return endpoint.collection(COLLECTIONS.secrets).doc(secretId);
}

/** Refers to the document of an endpoint's custom headers, which lies among its secrets. */
export function headersRef(endpoint: DocumentReference): DocumentReference {
  return secretRef(endpoint, HEADERS_ID);
}

/** Reads the live secrets and the custom headers of an endpoint, unsealed. */
export async function readKeys(endpoint: DocumentReference, box: SecretBox, now: Date): Promise<EndpointKeys> {
  const { headers, secrets } = await readSealed(endpoint);
  const live = liveSecrets(secrets, now).slice(0, MAX_LIVE_SECRETS);
  return {
    secrets: live.map((secret) => openSecret(box, endpoint.id, secret)),
    headers: headers ? openHeaders(box, endpoint.id, headers) : {},
  };
}

/** Adds a secret, ends the older ones by `overlapUntil`, and deletes those that sign no more, in one commit. */
export function rotateSecret(
  db: Firestore,
  box: SecretBox,
  endpointRef: DocumentReference,
  secret: EndpointSecret,
  overlapUntil: Date,
  now: Date,
): ReturnType<EndpointStore["rotate"]> {
  return retryConflicts(async (tried) => {
    const document = await endpointRef.get();
    const { updateTime } = document;
    const fields = document.data();
    if (!fields || !updateTime) return undefined;
    const endpoint = endpointFrom(fields);
    // A try whose answer was lost may have been committed.
    if (tried > 0 && fields.newestSecretId === secret.secretId) return { outcome: "rotated", endpoint };
    // Read after the endpoint, which every rotation writes: another rotation from then on fails this commit.
    const rotation = rotateSecrets((await readSealed(endpointRef)).secrets, overlapUntil, now);
    if (rotation.outcome === "too-many") return rotation;
    const { expiring, staying } = rotation;
    const publicKeys = [{ publicKey: publicKeyOf(secret.secret) }, ...staying].flatMap(publicKeyFrom);
    const batch = db.batch();
    // The id changes the document in any case; `updatedAt` may be the stored instant.
    const change = toFields({ publicKeys, newestSecretId: secret.secretId, updatedAt: now });
    batch.update(endpointRef, change, { lastUpdateTime: updateTime });
    batch.create(secretRef(endpointRef, secret.secretId), secretFields(box, endpointRef.id, secret));
    writeExpiring(batch, endpointRef, expiring, staying);
    await batch.commit();
    return { outcome: "rotated", endpoint: { ...endpoint, publicKeys, updatedAt: now } };
  });
}

function writeExpiring(
  batch: WriteBatch,
  endpoint: DocumentReference,
  expiring: readonly StoredSecret[],
  staying: readonly StoredSecret[],
): void {
  for (const { secretId, expireAt } of expiring) {
    const isLive = staying.some((one) => one.secretId === secretId);
    if (!isLive || !expireAt) batch.delete(secretRef(endpoint, secretId));
    else batch.update(secretRef(endpoint, secretId), { expireAt: Timestamp.fromDate(expireAt) });
  }
}

async function readSealed(endpoint: DocumentReference): Promise<{ headers?: Fields; secrets: StoredSecret[] }> {
  const { docs } = await endpoint.collection(COLLECTIONS.secrets).get();
  const headers = docs.find(({ id }) => id === HEADERS_ID)?.data();
  const secrets = docs.filter(({ id }) => id !== HEADERS_ID).map((document) => secretFrom(document.data()));
  return { ...(headers && { headers }), secrets };
}

/** Lists the public key of a `v1a` secret; nothing for a shared secret. */
function publicKeyFrom({ publicKey, expireAt }: { publicKey?: string | undefined; expireAt?: Date }): PublicKey[] {
  return publicKey === undefined ? [] : [{ key: publicKey, ...(expireAt && { expireAt }) }];
}
