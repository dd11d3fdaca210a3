import type { DocumentReference, Timestamp, WriteBatch } from "@google-cloud/firestore";
import { documentIdOf } from "../../platform/firestore/document-id.ts";
import { type Fields, toFields } from "../../platform/firestore/documents.ts";
import { read, type Stored } from "../../platform/firestore/read-document.ts";
import type { CacheEntry } from "../rules/cache-entry.ts";
import type { Lane, PromotionReads } from "../rules/promotion-context.ts";
import type { Usage } from "../rules/usage.ts";
import type { JobCollections } from "./job-collections.ts";
import { cacheEntryFrom, laneFrom, usageFrom } from "./quota-documents.ts";
import { usageAfterErasure } from "./spent-quota.ts";

/** A document as it was read; `value` is the one to write once `isChanged`. */
export interface Part<T> extends Stored<T, Timestamp> {
  ref: DocumentReference;
  isChanged: boolean;
}

/** The documents that change with the promoted jobs of one owner. */
export interface Parts {
  usage: Part<Usage>;
  lanes: Map<string, Part<Lane>>;
  cache: Map<string, Part<CacheEntry>>;
}

/** Reads the documents that `reads` name; `known` spares the read of the owner's usage. */
export async function readParts(
  collections: JobCollections,
  owner: string,
  reads: readonly PromotionReads[],
  known: Stored<Usage, Timestamp> | undefined,
): Promise<Parts> {
  const { lanes, cache } = collections;
  const needsUsage = reads.some((each) => each.usage);
  const [usage, laneParts, cacheParts] = await Promise.all([
    readUsage(collections, owner, needsUsage, known),
    readEach(reads, "laneId", (id) => lanes.doc(id), laneFrom),
    readEach(reads, "cacheKey", (key) => cache.doc(key), cacheEntryFrom),
  ]);
  return { usage, lanes: laneParts, cache: cacheParts };
}

async function readUsage(
  { db, usage }: JobCollections,
  owner: string,
  isNeeded: boolean,
  known: Stored<Usage, Timestamp> | undefined,
): Promise<Part<Usage>> {
  const ref = usage.doc(documentIdOf(owner));
  const stored = known ?? (await read(isNeeded, ref, usageFrom));
  if (!isNeeded || stored.updateTime) return { ref, isChanged: false, ...stored };
  return { ref, isChanged: false, value: await usageAfterErasure(db, owner), updateTime: undefined };
}

async function readEach<T>(
  reads: readonly PromotionReads[],
  field: "laneId" | "cacheKey",
  refOf: (id: string) => DocumentReference,
  parse: (fields: Fields) => T,
): Promise<Map<string, Part<T>>> {
  const ids = new Set(reads.flatMap((each) => each[field] ?? []));
  const parts = [...ids].map(async (id): Promise<[string, Part<T>]> => {
    const ref = refOf(id);
    return [id, { ref, isChanged: false, ...(await read(true, ref, parse)) }];
  });
  return new Map(await Promise.all(parts));
}

/** Replaces the document of a part; one that was not read stays unwritten. */
export function change<T>(part: Part<T> | undefined, value: T): void {
  if (!part) return;
  part.value = value;
  part.isChanged = true;
}

/** Adds every changed part to the batch, the usage first, on condition that the documents are still as they were read. */
export function writeParts({ usage, lanes, cache }: Parts, batch: WriteBatch): void {
  const changed = [usage, ...lanes.values(), ...cache.values()].filter((part) => part.isChanged);
  for (const { ref, value, updateTime } of changed) {
    if (value === undefined) continue;
    if (updateTime === undefined) batch.create(ref, toFields(value));
    else batch.update(ref, toFields(value), { lastUpdateTime: updateTime });
  }
}
