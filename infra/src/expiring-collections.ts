import { COLLECTION_FACTS } from "../../engine/src/platform/firestore/collections.ts";
import { COLLECTIONS } from "../../functions/src/collections.ts";

/** The collection groups whose documents have `expireAt`: those of Baton, and those of this deployment's job types. */
export const EXPIRING: readonly string[] = [
  ...Object.values(COLLECTION_FACTS).flatMap(({ name, expires }) => (expires ? [name] : [])),
  ...Object.values(COLLECTIONS),
];
