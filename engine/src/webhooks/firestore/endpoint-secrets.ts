import { type Firestore, Timestamp } from "@google-cloud/firestore";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { toFields } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import type { EndpointStore, SecretBox } from "../ports.ts";
import type { PublicKey } from "../rules/endpoint.ts";
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

/** Live secrets of one endpoint, the newest among them. */
const MAX_SECRETS = 10;

/** What the endpoint store does with secrets: `endpoints/{endpointId}/secrets/{secretId}`, and `…/secrets/headers`. */
export function endpointSecrets(db: Firestore, box: SecretBox): Pick<EndpointStore, "readKeys" | "rotate"> {
  const at = (endpointId: string) => db.collection(COLLECTIONS.endpoints).doc(endpointId);

  async function readAll(endpointId: string) {
    const { docs } = await at(endpointId).collection(COLLECTIONS.secrets).get();
    const headers = docs.find(({ id }) => id === HEADERS_ID)?.data();
    const secrets = docs.filter(({ id }) => id !== HEADERS_ID).map((document) => secretFrom(document.data()));
    return { headers, secrets };
  }

  return {
    async readKeys(endpointId, now) {
      const { headers, secrets } = await readAll(endpointId);
      const live = liveAt(secrets, now).slice(0, MAX_SECRETS);
      return {
        secrets: live.map((secret) => openSecret(box, endpointId, secret)),
        headers: headers ? openHeaders(box, endpointId, headers) : {},
      };
    },

    rotate: (endpointId, secret, overlapUntil, now) =>
      retryConflicts(async (tried) => {
        const document = await at(endpointId).get();
        const { updateTime } = document;
        const fields = document.data();
        if (!fields || !updateTime) return undefined;
        const endpoint = endpointFrom(fields);
        // A try whose answer was lost may have been committed.
        if (tried > 0 && fields.newestSecretId === secret.secretId) return { outcome: "rotated", endpoint };
        // Read after the endpoint, which every rotation writes: what another one adds from then on fails our commit.
        const { secrets } = await readAll(endpointId);
        const ended = secrets.map((one) => endedBy(one, overlapUntil));
        const staying = liveAt(ended, now);
        if (staying.length >= MAX_SECRETS) return { outcome: "too-many" };
        const newest = { publicKey: publicKeyOf(secret.secret) };
        const publicKeys = [newest, ...staying].flatMap(publicKeyFrom);
        const batch = db.batch();
        // The id changes the document in any case; an instant may be the one that is there already.
        const change = toFields({ publicKeys, newestSecretId: secret.secretId, updatedAt: now });
        batch.update(at(endpointId), change, { lastUpdateTime: updateTime });
        const secretAt = (secretId: string) => at(endpointId).collection(COLLECTIONS.secrets).doc(secretId);
        batch.create(secretAt(secret.secretId), secretFields(box, endpointId, secret));
        for (const { secretId, expireAt } of ended) {
          const isLive = staying.some((one) => one.secretId === secretId);
          if (!isLive || !expireAt) batch.delete(secretAt(secretId));
          else batch.update(secretAt(secretId), { expireAt: Timestamp.fromDate(expireAt) });
        }
        await batch.commit();
        return { outcome: "rotated", endpoint: { ...endpoint, publicKeys, updatedAt: now } };
      }),
  };
}

/** Nothing for a secret that both sides know. */
function publicKeyFrom({ publicKey, expireAt }: { publicKey?: string | undefined; expireAt?: Date }): PublicKey[] {
  return publicKey === undefined ? [] : [{ key: publicKey, ...(expireAt && { expireAt }) }];
}

/** Those that sign at `now`, newest first. */
function liveAt(secrets: readonly StoredSecret[], now: Date): StoredSecret[] {
  return secrets.filter(({ expireAt }) => expireAt === undefined || expireAt > now).sort(newestFirst);
}

/** Only the newest has no end; two may have been made in the same millisecond. */
function newestFirst(one: StoredSecret, other: StoredSecret): number {
  const byEnd = Number(one.expireAt !== undefined) - Number(other.expireAt !== undefined);
  return byEnd || other.createdAt.getTime() - one.createdAt.getTime();
}

function endedBy(secret: StoredSecret, overlapUntil: Date): StoredSecret {
  const isSooner = secret.expireAt !== undefined && secret.expireAt < overlapUntil;
  return isSooner ? secret : { ...secret, expireAt: overlapUntil };
}
