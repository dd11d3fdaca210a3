import { readConfig } from "./config.ts";
import { guardLeases } from "./lease-guard/guard-leases.ts";

/** The entry of the worker's lease guard: a thread of its own, with a client of its own once it is needed. */
guardLeases(async () => {
  const { firestoreRenewal } = await import("./gcp/firestore/lease-renewal.ts");
  return firestoreRenewal(readConfig(process.env));
});
