import type { JobType } from "./define-job.ts";
import { videoAnalysis } from "./video-analysis/video-analysis.ts";
import type { YouTubeConfig } from "./video-analysis/youtube-client.ts";

/** Every job type of this deployment, by name. A new one is declared in a folder of its own and added here. */
export function jobTypes(config: { youtube: YouTubeConfig }): ReadonlyMap<string, JobType> {
  const types = [videoAnalysis(config.youtube)];
  return new Map(types.map((type) => [type.type, type]));
}
