import { z } from "zod";
import { JobId } from "./jobs.ts";

/** Attributes of a message on a `jobs-<queue>` topic. It carries the id only: Firestore is the truth. */
export const JobMessage = z.object({
  jobId: JobId,
  /** W3C trace context of the submission. */
  traceparent: z.string().optional(),
});
export type JobMessage = z.infer<typeof JobMessage>;
