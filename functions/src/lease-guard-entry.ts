import { readConfig } from "./config.ts";
import { guardLeases } from "./lease-guard/guard-leases.ts";

/** What the worker's guard of leases runs: a thread of its own, with a client of its own once it is needed. */
guardLeases(async () => {
  const { firestoreRenewal } = await import("./gcp/firestore/lease-renewal.ts");
  return firestoreRenewal(readConfig(process.env));
});
