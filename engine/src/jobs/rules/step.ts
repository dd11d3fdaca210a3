import type { JsonValue } from "@baton/protocol";

/** The document `batonJobs/{jobId}/batonSteps/{stepId}`: the output of a step, so that no later attempt repeats it. */
export interface StepRecord {
  jobId: string;
  name: string;
  output: JsonValue;
  /** The attempt, and its lease, that did the step. */
  attempt: number;
  leaseId: string;
  createdAt: Date;
  expireAt: Date;
}
