import type { JobType } from "./define-job.ts";
import { byName } from "./job-registry.ts";
import type { YouTubePorts } from "./video-analysis/fetch-material.ts";
import { videoAnalysis } from "./video-analysis/video-analysis.ts";

/** Every job type of this deployment, by name. A new one is declared in a folder of its own and added here. */
export function jobTypes(config: { youtube: YouTubePorts }): ReadonlyMap<string, JobType> {
  return byName([videoAnalysis(config.youtube)]);
}
