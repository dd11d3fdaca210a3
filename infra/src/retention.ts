import { firestore } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { EXPIRING } from "./expiring-collections.ts";

/**
 * Lets Firestore delete documents once their `expireAt` is past, usually within 24 hours. The field is not indexed:
 * nothing queries it, and an index on an instant is one hot range.
 *
 * `firestore.indexes.json` names the same fields (a test compares them): `firebase deploy --force` removes every field
 * setting which that file does not name.
 */
export function declareRetention(database: firestore.Database, options: CustomResourceOptions): firestore.Field[] {
  return EXPIRING.map(
    (collection) =>
      new firestore.Field(
        `${collection}-expire-at`,
        { database: database.name, collection, field: "expireAt", ttlConfig: {}, indexConfig: {} },
        options,
      ),
  );
}
