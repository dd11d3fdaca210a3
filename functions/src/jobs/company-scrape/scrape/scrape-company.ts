import type { JobContext, StepScope } from "@baton/engine";
import { siteClient } from "../../../web-pages/fetch/site-client.ts";
import { joinFacts } from "../facts.ts";
import { buildProfile, withinStages } from "../profile/build-profile.ts";
import { answers } from "../profile/profile-cache.ts";
import { siteOf } from "../read/links.ts";
import type { CompanyProfile, CompanyScrapeInput } from "../schemas.ts";
import { STAGE_PROGRESS, type Stage, stagesOf } from "../stages.ts";
import type { Readers, ScrapePorts } from "./ports.ts";
import { runStage } from "./run-stage.ts";
import { SiteReading, StageReading } from "./stage-reading.ts";
import type { Visitor } from "./visit-pages.ts";
import { visitSite } from "./visit-site.ts";
import { waitForSite } from "./wait-for-site.ts";

type Steps = Pick<JobContext, "step" | "progress" | "sleep" | "jobId" | "attempt">;

/**
 * Reads a company's site and its filings into a profile when it is the job's turn, unless a kept one answers. Throws an error with the code of
 * the failure when the first page of the site cannot be read.
 */
export async function scrapeCompany(
  steps: Steps,
  ports: ScrapePorts,
  readers: Readers,
  input: CompanyScrapeInput,
): Promise<CompanyProfile> {
  const domain = siteOf(/^https?:\/\//i.test(input.url) ? input.url : `https://${input.url}`);
  const kept = await waitForSite(steps, ports, domain, input);
  if (kept) return { ...withinStages(kept, stagesOf(input)), isFromCache: true };
  try {
    const profile = await readCompany(steps, ports, readers, input, domain);
    await steps.step("keep profile", () => keepProfile(ports, profile, input.maxPages), { progress: 0.98 });
    return profile;
  } finally {
    // Not when the job continues in another invocation: a step that is cut off there never ends.
    await ports.sites.leave(domain, steps.jobId);
  }
}

/**
 * Reads the site: the first step finds it, and each stage is a step. A stage that fails is listed in `stageErrors`, and
 * what the others found is in the profile.
 */
async function readCompany(
  { step, progress }: Steps,
  ports: ScrapePorts,
  readers: Readers,
  input: CompanyScrapeInput,
  domain: string,
): Promise<CompanyProfile> {
  progress(0.02, "site");
  const visit = ({ signal }: StepScope) =>
    visitSite(visitorOf(ports, readers), input.url, input.maxPages, ports.now(), signal);
  const site = await step("site", visit, { output: SiteReading, progress: 0.05 });
  const visitor = visitorOf(ports, readers, site.robots);
  const readings = new Map<Stage, StageReading>();
  let done = 0.05;
  for (const stage of stagesOf(input)) {
    progress(done, stage);
    const before = [site, ...readings.values()];
    const run = ({ signal }: StepScope) => runStage(stage, { ports, readers, visitor, input, site, before, signal });
    readings.set(stage, await step(stage, run, { output: StageReading, progress: STAGE_PROGRESS[stage] }));
    done = STAGE_PROGRESS[stage];
  }
  return profileOf(input, domain, site, readings);
}

/** `robots` are the texts of the robots.txt files that an earlier step read. */
function visitorOf(
  { get, turns, userAgent, requestMs, stageMs }: ScrapePorts,
  { readDocument }: Readers,
  robots: Readonly<Record<string, string>> = {},
): Visitor {
  return { client: siteClient({ get, turns, userAgent, deadlineMs: requestMs }, robots), read: readDocument, stageMs };
}

/** Keeps a profile, unless a young one has more stages: the next job may ask for those. */
async function keepProfile(ports: ScrapePorts, profile: CompanyProfile, maxPages: number): Promise<void> {
  const kept = await ports.profiles.read(profile.domain);
  const query = { stages: profile.stages, maxPages, freshness: "7d", now: ports.now() } as const;
  const isWider = kept && kept.profile.stages.length > profile.stages.length && answers(kept, query);
  if (!isWider) await ports.profiles.keep({ profile, maxPages });
}

function profileOf(
  input: CompanyScrapeInput,
  domain: string,
  site: SiteReading,
  readings: ReadonlyMap<Stage, StageReading>,
): CompanyProfile {
  const all = [site, ...readings.values()];
  const financial = readings.get("financial")?.financial;
  const profile: CompanyProfile = {
    url: site.homeUrl,
    domain,
    fetchedAt: site.fetchedAt,
    isFromCache: false,
    stages: stagesOf(input),
    stageErrors: [...readings].flatMap(([stage, { error }]) => (error ? [{ stage, ...error }] : [])),
    pages: all.flatMap(({ pages }) => pages),
    ...buildProfile(joinFacts(all.map(({ facts }) => facts)), site.homeUrl),
    ...(financial && { financial }),
  };
  return withinStages(profile, profile.stages);
}
