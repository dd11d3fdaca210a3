import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { QueryField, RecordedQuery } from "./recorded-firestore.ts";

interface IndexField {
  fieldPath: string;
  order?: "ASCENDING" | "DESCENDING";
  arrayConfig?: "CONTAINS";
}

/** `firestore.indexes.json`. */
export interface IndexesFile {
  indexes: { collectionGroup: string; queryScope: "COLLECTION" | "COLLECTION_GROUP"; fields: IndexField[] }[];
  fieldOverrides: {
    collectionGroup: string;
    fieldPath: string;
    ttl?: boolean;
    indexes: { queryScope: string; order?: string; arrayConfig?: string }[];
  }[];
}

/** The indexes that `firebase deploy` makes. */
export const INDEXES: IndexesFile = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../firestore.indexes.json"), "utf8"),
);

/** An index that a query can use, in words: `batonJobs owner ASCENDING createdAt DESCENDING`. */
export type IndexName = string;

const EQUALITIES = ["EQUAL", "IN", "ARRAY_CONTAINS"];

/**
 * The indexes of a file that serve a query; undefined when a field of the query is in none of them, so that Firestore
 * refuses the query. Single-field indexes exist by default and have no name here.
 * Source: https://firebase.google.com/docs/firestore/query-data/index-overview
 */
export function indexesFor(query: RecordedQuery, { indexes, fieldOverrides }: IndexesFile): IndexName[] | undefined {
  const equal = query.filters.filter(({ kind }) => EQUALITIES.includes(kind)).map(({ path }) => path);
  const ordered = ordersOf(query);
  const isSingle = (path: string) => hasSingleIndex(query, path, fieldOverrides);
  if (ordered.length === 0 && equal.every(isSingle)) return [];
  if (ordered.length === 1 && equal.length === 0 && isSingle(ordered[0]?.path ?? "")) return [];
  // Each has some of the equal fields, and then the order. Firestore merges several to cover all of them.
  const fitting = indexes.filter(({ collectionGroup, queryScope, fields }) => {
    if (collectionGroup !== query.collection || (queryScope === "COLLECTION_GROUP") !== query.isGroup) return false;
    const [head, tail] = [
      fields.slice(0, fields.length - ordered.length),
      fields.slice(fields.length - ordered.length),
    ];
    return (
      head.every(({ fieldPath }) => equal.includes(fieldPath)) &&
      tail.every(({ fieldPath, order }, i) => fieldPath === ordered[i]?.path && order === ordered[i]?.kind)
    );
  });
  const covered = fitting.flatMap(({ fields }) => fields.map(({ fieldPath }) => fieldPath));
  const isServed = fitting.length > 0 && equal.every((path) => covered.includes(path));
  return isServed ? fitting.map(nameOf) : undefined;
}

/** The name of a composite index. */
export function nameOf({ collectionGroup, fields }: IndexesFile["indexes"][number]): IndexName {
  return [collectionGroup, ...fields.map(({ fieldPath, order }) => `${fieldPath} ${order ?? "CONTAINS"}`)].join(" ");
}

/** The orders of a query, the one by the field of a range included; the document's name is in every index. */
function ordersOf({ filters, orders }: RecordedQuery): QueryField[] {
  const named = orders.filter(({ path }) => path !== "__name__");
  if (named.length > 0) return named;
  const range = filters.find(({ kind }) => !EQUALITIES.includes(kind));
  return range === undefined ? [] : [{ path: range.path, kind: "ASCENDING" }];
}

/** True unless an override removes the index of this field, or that of a map around it. */
function hasSingleIndex(
  { collection, isGroup }: RecordedQuery,
  path: string,
  overrides: IndexesFile["fieldOverrides"],
) {
  const parts = path.split(".");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("."));
  const own = overrides.filter(({ collectionGroup }) => collectionGroup === collection);
  const override = paths.flatMap((one) => own.find(({ fieldPath }) => fieldPath === one) ?? [])[0];
  if (override === undefined) return !isGroup;
  return override.indexes.some(({ queryScope }) => (queryScope === "COLLECTION_GROUP") === isGroup);
}
