import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Firestore } from "@google-cloud/firestore";
import { after, before } from "mocha";
import { testCloud } from "../support/cloud.ts";
import { openFirestore } from "../support/firestore.ts";
import { openJobStore } from "../support/job-stores.ts";
import { aJob, randomOwner } from "../support/jobs.ts";
import { waitFor } from "../support/wait-for.ts";

const PROJECT = "demo-blocked-thread";
const LEASE_MS = 5000;
const PROCESS = fileURLToPath(new URL("../support/blocking-worker-process.ts", import.meta.url));

describe("a worker whose thread is blocked for three leases", () => {
  let db: Firestore;
  let child: ChildProcess | undefined;
  before(() => {
    db = openFirestore(PROJECT);
  });
  after(async () => {
    child?.kill("SIGKILL");
    await db.terminate();
  });

  async function blocked(jobIds: string[], invocationMs: number) {
    const env = {
      ...process.env,
      FIRESTORE_EMULATOR_HOST: testCloud().firestoreHost,
      GCLOUD_PROJECT: PROJECT,
      METADATA_SERVER_DETECTION: "none",
      LEASE_MS: String(LEASE_MS),
      INVOCATION_MS: String(invocationMs),
    };
    const started = spawn(process.execPath, [PROCESS, ...jobIds], { env, stdio: ["ignore", "pipe", "inherit"] });
    child = started;
    const lines: string[] = [];
    started.stdout.on("data", (chunk) => lines.push(...String(chunk).trim().split("\n")));
    const ended = once(started, "exit");
    await waitFor("the process to block", async () => lines.includes("blocks"));
    return { lines, ended };
  }

  async function storedJobs(count: number) {
    const store = openJobStore(db);
    const jobs = Array.from({ length: count }, () => aJob({ owner: randomOwner() }));
    for (const job of jobs) await store.put(job, null);
    return { store, ids: jobs.map(({ jobId }) => jobId) };
  }

  it("keeps its jobs: another worker never gets one, and both complete", async () => {
    const { store, ids } = await storedJobs(2);
    const { lines, ended } = await blocked(ids, 60_000);
    const claims = new Set<string>();
    let isOver = false;
    ended.finally(() => {
      isOver = true;
    });
    await waitFor("the process to end", async () => {
      for (const jobId of ids) {
        const claim = await store.claim(jobId, { leaseId: "other", leaseMs: LEASE_MS }, new Date());
        claims.add(claim.outcome === "refused" ? claim.reason : claim.outcome);
      }
      return isOver;
    });
    assert.deepEqual(lines, ["blocks", "moved", "moved"]);
    // The last look may find them completed.
    claims.delete("final");
    assert.deepEqual([...claims], ["leased"]);
  });

  it("loses its jobs when the time of its invocation is over", async () => {
    const { store, ids } = await storedJobs(1);
    await blocked(ids, 1);
    const claim = () => store.claim(ids[0] ?? "", { leaseId: "other", leaseMs: 60_000 }, new Date());
    await waitFor("another worker to get the job", async () => (await claim()).outcome === "moved");
  });
});
