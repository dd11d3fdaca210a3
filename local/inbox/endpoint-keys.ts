import { COLLECTIONS, type SecretBox } from "@baton/engine/local";
import { z } from "zod";
import type { KnownKey } from "./verify.ts";

/**
 * Lists the keys that may have signed a message. A rejection means that Firestore is away, or a secret cannot be
 * opened.
 */
export interface EndpointKeys {
  /** The live keys of all endpoints of one owner. */
  ofOwner(owner: string, now: Date): Promise<KnownKey[]>;
  /** Whose endpoint it is; undefined when there is none. */
  ownerOf(endpointId: string): Promise<string | undefined>;
}

const Text = z.object({ stringValue: z.string() });
const Instant = z.object({ timestampValue: z.coerce.date() });
const PublicKey = z.object({
  mapValue: z.object({ fields: z.object({ key: Text, expireAt: Instant.optional() }) }),
});
const Endpoint = z.object({
  name: z.string(),
  fields: z.object({
    owner: Text,
    publicKeys: z.object({ arrayValue: z.object({ values: z.array(PublicKey).default([]) }) }).optional(),
  }),
});
const Found = z.array(z.object({ document: Endpoint.optional() }));
const Sealed = z.object({ mapValue: z.object({ fields: z.object({ keyId: Text, nonce: Text, box: Text }) }) });
const Secrets = z.object({
  documents: z
    .array(
      z.object({
        name: z.string(),
        fields: z.object({ sealed: Sealed, expireAt: Instant.optional() }),
      }),
    )
    .default([]),
});

/**
 * Reads endpoints from the Firestore emulator, which lets `Bearer owner` read everything, and opens their secrets with
 * `box`.
 */
export function firestoreEndpointKeys(firestoreHost: string, projectId: string, box: SecretBox): EndpointKeys {
  const root = `http://${firestoreHost}/v1/projects/${projectId}/databases/(default)/documents`;
  const headers = { authorization: "Bearer owner", "content-type": "application/json" };

  async function secretsOf(endpointId: string, now: Date): Promise<KnownKey[]> {
    const response = await fetch(`${root}/${COLLECTIONS.endpoints}/${endpointId}/${COLLECTIONS.secrets}`, { headers });
    const { documents } = Secrets.parse(await response.json());
    const live = documents.filter(({ fields }) => isLive(fields, now));
    return live.flatMap(({ name, fields }) => {
      const secretId = lastPart(name);
      const { keyId, nonce, box: sealed } = fields.sealed.mapValue.fields;
      const key = box.open(
        { keyId: keyId.stringValue, nonce: nonce.stringValue, box: sealed.stringValue },
        `${COLLECTIONS.endpoints}/${endpointId}/${COLLECTIONS.secrets}/${secretId}`,
      );
      // Beside the secrets are the custom headers' values; and a private key is not what a subscriber verifies with.
      return key.startsWith("whsec_") ? [{ name: `endpoint ${endpointId}`, key }] : [];
    });
  }

  return {
    async ofOwner(owner, now) {
      const where = { fieldFilter: { field: { fieldPath: "owner" }, op: "EQUAL", value: { stringValue: owner } } };
      const query = { structuredQuery: { from: [{ collectionId: COLLECTIONS.endpoints }], where } };
      const response = await fetch(`${root}:runQuery`, { method: "POST", headers, body: JSON.stringify(query) });
      const endpoints = Found.parse(await response.json()).flatMap(({ document }) => document ?? []);
      const keys = endpoints.map(async ({ name, fields }) => {
        const endpointId = lastPart(name);
        const publicKeys = (fields.publicKeys?.arrayValue.values ?? []).map(({ mapValue }) => mapValue.fields);
        const live = publicKeys.filter((one) => isLive(one, now));
        const known = live.map(({ key }) => ({ name: `endpoint ${endpointId}`, key: key.stringValue }));
        return [...known, ...(await secretsOf(endpointId, now))];
      });
      return (await Promise.all(keys)).flat();
    },

    async ownerOf(endpointId) {
      const response = await fetch(`${root}/${COLLECTIONS.endpoints}/${encodeURIComponent(endpointId)}`, { headers });
      if (response.status === 404) return undefined;
      return Endpoint.parse(await response.json()).fields.owner.stringValue;
    },
  };
}

function isLive({ expireAt }: { expireAt?: z.infer<typeof Instant> | undefined }, now: Date): boolean {
  return expireAt === undefined || expireAt.timestampValue > now;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
