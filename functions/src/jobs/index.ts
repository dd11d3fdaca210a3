import type { JobType } from "@baton/engine";
import { videoAnalysis } from "./video-analysis/video-analysis.ts";

/** Every job type of this deployment. A new one is declared in a folder of its own and added here. */
export const jobs: readonly JobType[] = [videoAnalysis()];
