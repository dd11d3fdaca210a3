import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { COLLECTIONS } from "../../../engine/src/platform/firestore/collections.ts";
import type { RulesKind } from "./rules-block.ts";
import { blockOf } from "./rules-block.ts";

/** An index or an exemption of `firestore.indexes.json`; fields that matter here. */
export const IndexEntry = z.looseObject({
  collectionGroup: z.string(),
  queryScope: z.string().optional(),
  fieldPath: z.string().optional(),
  ttl: z.boolean().optional(),
  fields: z.array(z.looseObject({ fieldPath: z.string() })).optional(),
});
export type IndexEntry = z.infer<typeof IndexEntry>;

/** `firestore.indexes.json`. */
export const IndexesFile = z.looseObject({
  indexes: z.array(IndexEntry).optional(),
  fieldOverrides: z.array(IndexEntry).optional(),
});
export type IndexesFile = z.infer<typeof IndexesFile>;

/** The rules of Firestore, with the block of this release. */
export function firestoreRules(): RulesKind {
  return {
    service: "cloud.firestore",
    base: /^\/databases\/(\{\w+\}|[^/]+)\/documents$/,
    usualBase: "/databases/{database}/documents",
    targets: [
      "/databases/(default)/documents/batonJobs/id",
      "/databases/(default)/documents/batonJobs/id/batonSteps/id",
    ],
    block: ownBlock("firestore.rules"),
  };
}

/** The rules of Cloud Storage, with the block of this release. */
export function storageRules(): RulesKind {
  return {
    service: "firebase.storage",
    base: /^\/b\/(\{\w+\}|[^/]+)\/o$/,
    usualBase: "/b/{bucket}/o",
    targets: ["/b/bucket/o/batonFiles/owner/job/file/name"],
    block: ownBlock("storage.rules"),
  };
}

/** The indexes, and the exemptions with TTL policies, of Baton's own collections. */
export function ownIndexes(): { indexes: IndexEntry[]; fieldOverrides: IndexEntry[] } {
  const { indexes = [], fieldOverrides = [] } = IndexesFile.parse(JSON.parse(ownText("firestore.indexes.json")));
  const isOwn = ({ collectionGroup }: IndexEntry) => isOwnGroup(collectionGroup);
  return { indexes: indexes.filter(isOwn), fieldOverrides: fieldOverrides.filter(isOwn) };
}

const OWN_GROUPS = new Set<string>(Object.values(COLLECTIONS));

/** True for a collection group of this release. */
export function isOwnGroup(name: string): boolean {
  return OWN_GROUPS.has(name);
}

function ownBlock(name: string): string {
  const block = blockOf(ownText(name));
  if (block === undefined) throw new Error(`${name} of this package has no block.`);
  return block.trimEnd();
}

/** A file of the repository; the published package has a copy beside its program. */
function ownText(name: string): string {
  const places = [`./${name}`, `../../../${name}`].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${name} is missing in this package: install it again.`);
  return readFileSync(found, "utf8");
}
