import type { BatonClient, JobView } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";

/** The facts of a company that a sales team asks for first. */
export interface CompanyCard {
  name: string;
  emails: string[];
  phones: string[];
}

/** Submits a scrape of a company's site. A profile that another job read in the last week is the answer at once. */
export function requestCompany(baton: BatonClient<typeof jobs>, url: string): Promise<JobView> {
  return baton.submit("company.scrape", { url, stages: ["overview", "contacts"], freshness: "7d" });
}

/** Reads name and contacts from the profile of a completed scrape; undefined for a failed one. */
export async function readCompany(baton: BatonClient<typeof jobs>, jobId: string): Promise<CompanyCard | undefined> {
  const result = await baton.result(jobId);
  if (!baton.isResultOf("company.scrape", result) || !result.output) return undefined;
  const { name, domain, emails, phones } = result.output;
  const valuesOf = (found: readonly { value: string }[]) => found.map(({ value }) => value);
  return { name: name?.value ?? domain, emails: valuesOf(emails), phones: valuesOf(phones) };
}
