import type { JobType } from "./define-job.ts";
import { byName } from "./job-registry.ts";
import { videoAnalysis } from "./video-analysis/video-analysis.ts";
import type { YouTubeConfig } from "./video-analysis/youtube-client.ts";

/** Every job type of this deployment, by name. A new one is declared in a folder of its own and added here. */
export function jobTypes(config: { youtube: YouTubeConfig }): ReadonlyMap<string, JobType> {
  return byName([videoAnalysis(config.youtube)]);
}
