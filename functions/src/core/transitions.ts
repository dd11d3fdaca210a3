import type { JobError, JsonValue } from "@baton/protocol";
import { type Job, type JobResult, isFinal } from "./job.ts";

/** Everything that can happen to a stored job. An event that carries `leaseId` proves the right to write. */
export type JobEvent =
  | { kind: "queue" }
  | { kind: "hold"; dueAt: Date }
  | { kind: "claim"; leaseId: string; leaseMs: number }
  | { kind: "progress"; leaseId: string; leaseMs: number; progress: number; step?: string }
  | { kind: "complete"; leaseId: string; output: JsonValue }
  | { kind: "fail"; leaseId: string; error: JobError; isPermanent: boolean; retryAt: Date }
  | { kind: "stop"; leaseId: string }
  | { kind: "cancel" };
