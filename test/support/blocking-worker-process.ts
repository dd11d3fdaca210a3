import { setTimeout as pause } from "node:timers/promises";
import { Firestore } from "@google-cloud/firestore";
import { firestoreJobStore } from "../../engine/src/jobs/firestore/job-store.ts";
import { leaseGuardThread } from "../../engine/src/jobs/run/lease-guard/lease-guard.ts";

/*
 * A worker process that claims the jobs of its arguments, and then blocks its only thread for three leases. It prints a
 * line when it begins to block, and another when both leases are still its own.
 */
const leaseMs = Number(process.env.LEASE_MS);
const db = new Firestore({ projectId: process.env.GCLOUD_PROJECT ?? "" });
const jobs = firestoreJobStore(db);
const log = { info: console.error, warn: console.error, error: console.error };
const entry = new URL("../../engine/src/functions/lease-guard.ts", import.meta.url);
const guard = leaseGuardThread(entry, { leaseMs, database: "(default)" }, log);
const untilMs = Date.now() + Number(process.env.INVOCATION_MS);
const ids = process.argv.slice(2);
for (const jobId of ids) {
  await jobs.claim(jobId, { leaseId: `lease-of-${jobId}`, leaseMs }, new Date());
  guard.guard({ jobId, leaseId: `lease-of-${jobId}`, untilMs });
}
console.log("blocks");
const endsAt = performance.now() + 3 * leaseMs;
while (performance.now() < endsAt);
await pause(0);
const ends = ids.map((jobId) =>
  jobs.apply(jobId, { kind: "complete", leaseId: `lease-of-${jobId}`, output: "done" }, new Date()),
);
for (const { outcome } of await Promise.all(ends)) console.log(outcome);
await guard.stop();
await db.terminate();
