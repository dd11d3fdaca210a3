import type { TypeView } from "./type-view.ts";

/**
 * The job types that have a view of their own, by name; the first one is the form that the console opens with. Each
 * view loads when a job of its type is shown. Every other job type has the generic view.
 */
export const VIEWS: ReadonlyMap<string, () => Promise<TypeView>> = new Map([
  ["video.analysis", async () => (await import("./video-analysis/view.ts")).videoAnalysisView],
  ["company.scrape", async () => (await import("./company-scrape/view.ts")).companyScrapeView],
  ["content.generate", async () => (await import("./content-generate/view.ts")).contentGenerateView],
  ["pipeline.run", async () => (await import("./pipeline-run/view.ts")).pipelineRunView],
]);
