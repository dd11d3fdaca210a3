import type { JobType } from "@baton/engine";
import { companyScrape } from "./company-scrape/company-scrape.ts";
import { contentGenerate } from "./content-generate/content-generate.ts";
import { pipelineRun } from "./pipeline-run/pipeline-run.ts";
import { videoAnalysis } from "./video-analysis/video-analysis.ts";

/**
 * Every job type of this deployment. A new one is declared in a folder of its own and added here. Clients read names,
 * inputs and outputs from the type of this list: `createBatonClient<typeof jobs>(...)`.
 */
export const jobs = [
  videoAnalysis(),
  companyScrape(),
  contentGenerate(),
  pipelineRun(),
] as const satisfies readonly JobType[];
