import { setTimeout as pause } from "node:timers/promises";
import { JobView } from "@baton/protocol";
import type { LocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";

/** A request to the API that takes longer has failed. */
const REQUEST_MS = 30_000;
const LOOK_AGAIN_MS = 50;

/** A user of a cloud, who submits jobs and waits for their ends. */
export interface JobOwner {
  /** Submits a job and answers its id. Rejects when the API refuses the job. */
  submit(submission: object): Promise<string>;
  /**
   * Answers the job once it is final, or as it is at `givesUpAt`, an instant of `performance.now()`; by default it
   * never gives up.
   */
  whenFinal(jobId: string, givesUpAt?: number): Promise<JobView>;
}

/** Signs a user in at the cloud. */
export async function openJobOwner({ addresses }: LocalCloud, name: string): Promise<JobOwner> {
  const token = await signIn(addresses.authHost, name);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = `${addresses.apiUrl}/v1/jobs`;
  async function call(path: string, request: RequestInit = {}): Promise<JobView> {
    const response = await fetch(url + path, { headers, signal: AbortSignal.timeout(REQUEST_MS), ...request });
    if (!response.ok) throw new Error(`The API answered ${response.status}: ${await response.text()}`);
    return JobView.parse(await response.json());
  }
  return {
    submit: async (submission) => (await call("", { method: "POST", body: JSON.stringify(submission) })).jobId,
    async whenFinal(jobId, givesUpAt = Number.POSITIVE_INFINITY) {
      for (;;) {
        const job = await call(`/${jobId}`);
        if (job.finishedAt !== undefined || performance.now() > givesUpAt) return job;
        await pause(LOOK_AGAIN_MS);
      }
    },
  };
}
