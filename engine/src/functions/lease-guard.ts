import { guardLeases } from "../jobs/run/lease-guard/guard-leases.ts";
import { readConfig } from "./config.ts";

/** The entry of the worker's lease guard: a thread of its own, with a client of its own once it is needed. */
guardLeases(async ({ database }) => {
  const { firestoreRenewal } = await import("../jobs/firestore/lease-renewal.ts");
  return firestoreRenewal(readConfig(process.env, { database }));
});
