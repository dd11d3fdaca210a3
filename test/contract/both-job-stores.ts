import assert from "node:assert/strict";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import type { Job } from "../../engine/src/jobs/rules/job.ts";
import type { Submission } from "../../engine/src/jobs/rules/submission.ts";
import type { JobCommand } from "../../engine/src/jobs/rules/transitions.ts";
import { type MemoryJobStore, memoryJobStore } from "../../engine/src/testing/memory-job-store.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aSubmission } from "../support/jobs.ts";

export const T0 = new Date("2026-01-01T00:00:00.000Z");

/** An instant some milliseconds after {@link T0}. */
export function after0(ms: number): Date {
  return new Date(T0.getTime() + ms);
}

/** A database in which no function runs. */
export const CONTRACT_PROJECT = "demo-contracts";

/**
 * Runs a contract against the fake and against the real emulator. `stores` are two doors to the same jobs: on Firestore
 * those of two processes. Only to be called in tests.
 */
export function onBothJobStores(
  title: string,
  contract: (stores: () => readonly [MemoryJobStore, MemoryJobStore], on: { isEmulator: boolean }) => void,
): void {
  describe(`memory as a job store, ${title}`, () => {
    const store = memoryJobStore();
    contract(() => [store, store], { isEmulator: false });
  });

  describe(`Firestore as a job store, ${title}`, () => {
    let databases: Firestore[] = [];
    let stores: readonly [MemoryJobStore, MemoryJobStore] | undefined;
    before(() => {
      const [one, other] = [openFirestore(CONTRACT_PROJECT), openFirestore(CONTRACT_PROJECT)];
      databases = [one, other];
      stores = [openJobStore(one), openJobStore(other)];
    });
    after(() => Promise.all(databases.map((db) => db.terminate())));
    contract(
      () => {
        assert.ok(stores);
        return stores;
      },
      { isEmulator: true },
    );
  });
}

/** Submits, and answers the job; fails unless it is accepted. */
export async function submitted(store: MemoryJobStore, given: Partial<Submission> = {}, now = T0): Promise<Job> {
  const answer = await store.submit(aSubmission(given), { n: 1 }, now);
  assert.equal(answer.outcome, "accepted");
  return answer.job;
}

/** Applies events, each of which must move the job; answers it as it is then. */
export async function applied(store: MemoryJobStore, jobId: string, events: JobCommand[], now = T0): Promise<Job> {
  let job: Job | undefined;
  for (const event of events) {
    const answer = await store.apply(jobId, event, now);
    assert.equal(answer.outcome, "moved", `${event.kind} should move the job`);
    job = answer.outcome === "moved" ? answer.job : undefined;
  }
  assert.ok(job);
  return job;
}

/** A claim for a minute. */
export function claimBy(leaseId: string): Extract<JobCommand, { kind: "claim" }> {
  return { kind: "claim", leaseId, leaseMs: 60_000 };
}

/** The end of an attempt that went well, with the lease's id as the output. */
export function completeBy(leaseId: string): JobCommand {
  return { kind: "complete", leaseId, output: leaseId };
}
