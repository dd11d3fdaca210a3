import { type BatonClient, createBatonClient, type JobView } from "@baton/client";
import type { jobs } from "../jobs/index.ts";

/** Opens the API for one user. The list of job types is a type here: none of its code is in the program. */
export function openBaton(apiUrl: string, getToken: () => Promise<string>): BatonClient<typeof jobs> {
  return createBatonClient<typeof jobs>({ apiUrl, getToken });
}

/** Submits a greeting. An input that does not fit the schema of `greeting` does not compile. */
export function greet(baton: BatonClient<typeof jobs>, name: string): Promise<JobView> {
  return baton.submit("greeting", { name, language: "de" });
}

/** Reads the text of a completed greeting; undefined for the result of another job type, and for a failed job. */
export async function readGreeting(baton: BatonClient<typeof jobs>, jobId: string): Promise<string | undefined> {
  const result = await baton.result(jobId);
  return baton.isResultOf("greeting", result) ? result.output?.text : undefined;
}
