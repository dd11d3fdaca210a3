import { randomUUID } from "node:crypto";
import { createBatonClient, type JobView } from "@baton/client";
import type { JobStatus } from "@baton/protocol";
import { testCloud } from "./cloud.ts";
import type { EngineJobs } from "./job-types/engine.ts";
import type { RefusedJobs } from "./job-types/refused.ts";
import { waitFor } from "./wait-for.ts";

/**
 * A new user of the test cloud, with a client for the job types of the engine's tests and a key for the traces of their
 * handlers.
 */
export async function newOwner() {
  const { token } = await testCloud().newUser("engine");
  const client = createBatonClient<EngineJobs & RefusedJobs>({
    apiUrl: testCloud().apiUrl,
    getToken: async () => token,
  });
  const reaching = (jobId: string, status: JobStatus, timeoutMs?: number): Promise<JobView> => {
    const probe = async () => {
      const job = await client.job(jobId);
      return job.status === status && job;
    };
    return waitFor(`job ${jobId} to be ${status}`, probe, timeoutMs);
  };
  return { client, reaching, key: randomUUID() };
}

/** Counts how often the handlers of this key left this trace. */
export function traces(key: string, what: string): number {
  return testCloud().youtube.requests.filter(({ query }) => query.id === `${key}-${what}`).length;
}

/** Waits until a handler of this key has left this trace. */
export async function traced(key: string, what: string): Promise<void> {
  await waitFor(`the trace ${what} of ${key}`, async () => traces(key, what) > 0);
}
