import type { Principal } from "../accounts/principal.ts";
import type { Engine } from "./engine.ts";
import type { JobStore } from "./ports.ts";
import { readJob } from "./read-job.ts";
import type { Job } from "./rules/job.ts";

/** The outcome of a cancel. */
export type Cancellation =
  | { outcome: "cancelled" | "requested" | "already-final"; job: Job }
  | { outcome: "not-found" }
  | { outcome: "forbidden" };

/**
 * Cancels a job that waits, which promotes the jobs behind it. Asks a job that runs, or has something to clean up, to
 * stop. Idempotent. Only the owner may cancel: an admin is answered `forbidden`, and every other caller `not-found`.
 */
export async function cancelJob(
  ports: { jobs: Pick<JobStore, "read">; engine: Pick<Engine, "move"> },
  caller: Principal,
  jobId: string,
): Promise<Cancellation> {
  const found = await readJob(ports, caller, jobId);
  if (!found) return { outcome: "not-found" };
  if (found.owner !== caller.uid) return { outcome: "forbidden" };
  const moved = await ports.engine.move(jobId, { kind: "cancel" });
  if (moved.outcome === "not-found") return { outcome: "not-found" };
  const { job } = moved;
  if (job.status === "cancelled") return { outcome: "cancelled", job };
  return { outcome: moved.outcome === "moved" ? "requested" : "already-final", job };
}
