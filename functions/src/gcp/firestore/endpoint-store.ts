import { type Firestore, type QueryDocumentSnapshot, Timestamp } from "@google-cloud/firestore";
import { z } from "zod";
import type { Endpoint, EndpointStore, Log } from "../../core/ports.ts";
import { fromFields } from "./documents.ts";

const StoredEndpoint = z.object({ owner: z.string(), url: z.string(), disabled: z.boolean() });

/** `expireAt` is when a rotated secret stops signing; the newest has none. */
const StoredSecret = z.object({ secret: z.string(), createdAt: z.date(), expireAt: z.date().optional() });

const MAX_ENDPOINTS = 20;
/** As many live secrets as one endpoint may have (Standard Webhooks rotation, ten at most here). */
const MAX_SECRETS = 10;
/** gRPC status of an update whose document is not there. */
const NOT_FOUND = 5;

/** The endpoint store on Firestore: `endpoints/{endpointId}` and its `secrets`. An endpoint that cannot be read is logged and left out. */
export function firestoreEndpointStore(db: Firestore, log: Log): EndpointStore {
  const endpoints = db.collection("endpoints");
  return {
    async listEnabled(owner, now) {
      const found = await endpoints
        .where("owner", "==", owner)
        .where("disabled", "==", false)
        .limit(MAX_ENDPOINTS)
        .get();
      const read = await Promise.all(found.docs.map((document) => readEndpoint(document, now, log)));
      return read.filter((endpoint) => endpoint !== undefined);
    },
    async disable(endpointId, now) {
      const at = Timestamp.fromDate(now);
      const change = { disabled: true, disabledReason: "gone", disabledAt: at, updatedAt: at };
      try {
        await endpoints.doc(endpointId).update(change);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

async function readEndpoint(document: QueryDocumentSnapshot, now: Date, log: Log): Promise<Endpoint | undefined> {
  const endpoint = StoredEndpoint.safeParse(document.data());
  const stored = await document.ref.collection("secrets").get();
  const secrets = z.array(StoredSecret).safeParse(stored.docs.map((secret) => fromFields(secret.data())));
  if (!endpoint.success || !secrets.success) {
    // Going on is safe, and stopping is not: one damaged document would keep the owner's other endpoints from their events.
    log.error("endpoint cannot be read", { endpointId: document.id });
    return undefined;
  }
  return { endpointId: document.id, ...endpoint.data, secrets: liveSecrets(secrets.data, now) };
}

function liveSecrets(secrets: z.infer<typeof StoredSecret>[], now: Date): string[] {
  return secrets
    .filter(({ expireAt }) => expireAt === undefined || expireAt > now)
    .sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
    .slice(0, MAX_SECRETS)
    .map(({ secret }) => secret);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === NOT_FOUND;
}
