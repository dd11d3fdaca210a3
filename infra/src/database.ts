import { firestore } from "@pulumi/gcp";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/**
 * Declares the project's default Firestore database, which holds every job. It is protected three times: the API
 * refuses to delete it, the provider abandons it, and Pulumi stops before asking either.
 */
export function declareDatabase(location: string, options: CustomResourceOptions): firestore.Database {
  return new firestore.Database(
    "database",
    {
      name: "(default)",
      locationId: location,
      type: "FIRESTORE_NATIVE",
      deleteProtectionState: "DELETE_PROTECTION_ENABLED",
      deletionPolicy: "ABANDON",
    },
    { ...options, protect: true },
  );
}
