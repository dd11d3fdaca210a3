import type { CompanyScrapeInput } from "../../../../functions/src/jobs/company-scrape/schemas.ts";

// The one file of this view that names the deployment's code: types only, so that no schema is in the page.
export type { CompanyProfile } from "../../../../functions/src/jobs/company-scrape/schemas.ts";
export type { Stage } from "../../../../functions/src/jobs/company-scrape/stages.ts";

/** The input of `company.scrape` as a submission gives it: fields with a default may be absent. */
export type CompanyScrapeRequest = (typeof CompanyScrapeInput)["_input"];
