import { readFileSync } from "node:fs";
import { join } from "node:path";

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
