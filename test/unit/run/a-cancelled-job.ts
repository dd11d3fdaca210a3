import { runJob } from "../../../engine/src/jobs/run/run-job.ts";
import type { GivenJob } from "../../support/jobs.ts";
import type { aWorker, Handler } from "./a-worker.ts";

/** Runs a job that is told to stop `afterMs` after its beginning; `running` is its end. */
export async function cancelled(worker: ReturnType<typeof aWorker>, afterMs: number, given: GivenJob = {}) {
  const jobId = await worker.stored(given);
  const running = runJob(worker.ports, jobId);
  await worker.clock.advance(afterMs);
  await worker.jobs.apply(jobId, { kind: "cancel" }, worker.clock.now());
  return { ...worker, jobId, running };
}

/** A handler that ends when it is told to stop. */
export const untilAborted: Handler = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
