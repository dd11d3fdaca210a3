import {
  type DocumentReference,
  FieldValue,
  type Firestore,
  type QueryDocumentSnapshot,
  Timestamp,
} from "@google-cloud/firestore";
import { TELLING_FIELDS } from "../../files/firestore/file-documents.ts";
import type { ObjectStore } from "../../files/ports.ts";
import { COLLECTIONS } from "../../platform/firestore/collections.ts";
import { childrenOf, deleteAll, unlessConflict } from "../../platform/firestore/delete-documents.ts";
import { stamp } from "../../platform/firestore/documents.ts";
import { retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { countEndpoints, writeEndpointCount } from "../../webhooks/firestore/endpoint-usage.ts";
import { JOB_ENDPOINT } from "../../webhooks/rules/endpoint.ts";
import type { Erasure } from "../ports.ts";
import { type OwnedCollection, ownedDocuments } from "./owned-documents.ts";

/** The collections of what tells of a job or an endpoint, with the field of its instant. */
const TELLING: readonly (readonly [OwnedCollection, string])[] = [
  [COLLECTIONS.deliveries, "createdAt"],
  [COLLECTIONS.alerts, "createdAt"],
  [COLLECTIONS.recoveries, "createdAt"],
  [COLLECTIONS.deadLetters, "receivedAt"],
  [COLLECTIONS.files, "createdAt"],
];

/** Where the deployment's mail goes to, when it sends any, and where the bytes of its files are, when it has any. */
export interface EraseOptions {
  mailCollection?: string;
  objects?: Pick<ObjectStore, "delete">;
}

/**
 * Deletes an owner's documents from before the request, jobs aside, up to `limit` of each kind. When there is none,
 * deletes later ones that tell of a job or an endpoint that is gone. Answers how many.
 */
export async function eraseRest(
  db: Firestore,
  erasure: Erasure,
  limit: number,
  options: EraseOptions,
): Promise<number> {
  const { mailCollection } = options;
  const [endpoints, old] = await Promise.all([endpointsBefore(db, erasure), oldDocuments(db, erasure, limit)]);
  if (endpoints.length + old.length > 0) return erase(db, erasure.owner, endpoints, old, options);
  const mail = mailCollection === undefined ? [] : await mailOf(db, mailCollection, erasure.owner);
  const later = await Promise.all(
    TELLING.map(([collection, field]) => {
      const after = stamp(erasure.requestedAt);
      return ownedDocuments(db, collection, erasure.owner, {
        narrow: (own) => own.where(field, ">", after).orderBy(field, "desc"),
      });
    }),
  );
  const isOld = (document: QueryDocumentSnapshot) => !isAfter(document.get("baton.createdAt"), erasure.requestedAt);
  const orphans = await withoutSubject(db, [...later.flat(), ...mail.filter((document) => !isOld(document))]);
  const gone = [...mail.filter(isOld), ...orphans].slice(0, limit);
  return erase(db, erasure.owner, [], gone, options);
}

async function oldDocuments(db: Firestore, { owner, requestedAt }: Erasure, limit: number) {
  const pages = await Promise.all(
    ([[COLLECTIONS.results, "createdAt"], ...TELLING] as const).map(([collection, field]) =>
      ownedDocuments(db, collection, owner, {
        // The newest first: so the indexes are.
        narrow: (own) => own.where(field, "<=", stamp(requestedAt)).orderBy(field, "desc"),
        limit,
      }),
    ),
  );
  return pages.flat();
}

async function erase(
  db: Firestore,
  owner: string,
  endpoints: readonly DocumentReference[],
  others: readonly QueryDocumentSnapshot[],
  options: EraseOptions,
): Promise<number> {
  const isFile = ({ ref }: QueryDocumentSnapshot) => ref.parent.id === COLLECTIONS.files;
  await Promise.all(others.filter(isFile).map((file) => eraseFile(file, options)));
  const parents = [...endpoints, ...others.filter((one) => !isFile(one)).map(({ ref }) => ref)];
  const children = await Promise.all(parents.map(childrenOf));
  const rateLimits = endpoints.map(({ id }) => db.collection(COLLECTIONS.rateLimits).doc(id));
  await deleteAll(db, [...children.flat(), ...rateLimits, ...parents]);
  if (endpoints.length > 0) await recountEndpoints(db, owner);
  return endpoints.length + others.length;
}

/**
 * Deletes a file, its bytes first. Of one that is open, bytes may still come, from its owner or from a worker: its record
 * stays without what tells of the owner, but for its path in the bucket, and the sweep deletes both within the hour.
 */
async function eraseFile(file: QueryDocumentSnapshot, { objects }: EraseOptions): Promise<void> {
  const object: unknown = file.get("object");
  if (objects && typeof object === "string") await objects.delete(object);
  const isOpen = file.get("state") === "open";
  const nothing = Object.fromEntries(TELLING_FIELDS.map((name) => [name, FieldValue.delete()]));
  await (isOpen ? unlessConflict(file.ref.update(nothing)) : file.ref.delete());
}

/** Their instants are in no index; an owner has few. One without an instant goes as well. */
async function endpointsBefore(db: Firestore, { owner, requestedAt }: Erasure): Promise<DocumentReference[]> {
  const own = await ownedDocuments(db, COLLECTIONS.endpoints, owner);
  return own.filter((endpoint) => !isAfter(endpoint.get("createdAt"), requestedAt)).map(({ ref }) => ref);
}

/** The marker says that Baton wrote it: an app may hand over mail for the same user. */
async function mailOf(db: Firestore, collection: string, owner: string): Promise<QueryDocumentSnapshot[]> {
  return (await db.collection(collection).where("baton.owner", "==", owner).select("baton").get()).docs;
}

/** Those of the documents whose job, or whose endpoint when they name no job, is not there. */
async function withoutSubject(db: Firestore, documents: readonly QueryDocumentSnapshot[]) {
  const subjects = documents.map((document) => [document, subjectOf(db, document)] as const);
  const refs = [...new Map(subjects.flatMap(([, ref]) => (ref ? [[ref.path, ref]] : []))).values()];
  const found = refs.length === 0 ? [] : await db.getAll(...refs, { fieldMask: ["owner"] });
  const missing = new Set(found.filter(({ exists }) => !exists).map(({ ref }) => ref.path));
  return subjects.flatMap(([document, ref]) => (ref && missing.has(ref.path) ? [document] : []));
}

function subjectOf(db: Firestore, document: QueryDocumentSnapshot): DocumentReference | undefined {
  const jobId: unknown = document.get("jobId");
  if (typeof jobId === "string") return db.collection(COLLECTIONS.jobs).doc(jobId);
  const endpointId: unknown = document.get("endpointId") ?? document.get("baton.endpointId");
  if (typeof endpointId !== "string" || endpointId === JOB_ENDPOINT) return undefined;
  return db.collection(COLLECTIONS.endpoints).doc(endpointId);
}

/** The usage says how many endpoints are left; when it is not there, nothing has to. */
function recountEndpoints(db: Firestore, owner: string): Promise<void> {
  return retryConflicts(async () => {
    const count = await countEndpoints(db, owner);
    const batch = db.batch();
    writeEndpointCount(batch, count);
    await batch.commit();
  });
}

function isAfter(instant: unknown, other: Date): boolean {
  return instant instanceof Timestamp && instant > stamp(other);
}
