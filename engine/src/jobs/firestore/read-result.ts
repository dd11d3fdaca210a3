import type { JobResult } from "../rules/job.ts";
import type { JobCollections } from "./job-collections.ts";
import { resultFrom } from "./job-documents.ts";

/** Reads the result of a job, with an output that is stored apart; undefined when there is none. */
export async function readResult({ results, outputOf }: JobCollections, jobId: string): Promise<JobResult | undefined> {
  const fields = (await results.doc(jobId).get()).data();
  if (!fields) return undefined;
  const apart = fields.outputRef === undefined ? {} : (await outputOf(jobId).get()).data();
  return resultFrom({ ...fields, ...apart });
}
