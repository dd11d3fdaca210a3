import type { JobContext } from "@baton/engine";
import type { GuardedGet } from "@baton/engine/egress";
import { joinFacts } from "../facts.ts";
import type { HostTurns } from "../fetch/host-turns.ts";
import { siteClient } from "../fetch/site-client.ts";
import { type EdgarConfig, type ReadFacts, readFinancial } from "../filings/edgar.ts";
import { planVisits } from "../plan-visits.ts";
import { buildProfile, withinStages } from "../profile/build-profile.ts";
import { answers, type ProfileCache } from "../profile/profile-cache.ts";
import { siteOf } from "../read/links.ts";
import { CompanyProfile, type CompanyScrapeInput } from "../schemas.ts";
import { STAGE_PROGRESS, STAGES, type Stage } from "../stages.ts";
import { emptyReading, SiteReading, StageReading } from "./stage-reading.ts";
import { type ReadDocument, type Visitor, visitPages } from "./visit-pages.ts";
import { visitSite } from "./visit-site.ts";

/** What a scrape needs of the world. */
export interface ScrapePorts {
  get: GuardedGet;
  turns: HostTurns;
  profiles: ProfileCache;
  userAgent: string;
  edgar: EdgarConfig;
  now(): Date;
  /** Deadline of one request in milliseconds. */
  requestMs: number;
  /** Milliseconds of one stage, after which it visits no further page. */
  stageMs: number;
}

/** The reading functions, which run in a process of their own. */
export interface Readers {
  readDocument: ReadDocument;
  readFacts: ReadFacts;
}

type Steps = Pick<JobContext, "step" | "progress">;

/**
 * Reads a company's site and its filings into a profile, unless a kept one answers. The first step finds the site, and
 * each stage is a step: one that fails is listed in `stageErrors`, and the others go into the profile.
 */
export async function scrapeCompany(
  { step, progress }: Steps,
  ports: ScrapePorts,
  readers: Readers,
  input: CompanyScrapeInput,
): Promise<CompanyProfile> {
  const domain = siteOf(/^https?:\/\//i.test(input.url) ? input.url : `https://${input.url}`);
  const kept = await step("kept profile", () => keptProfile(ports, domain, input), {
    output: CompanyProfile.nullable(),
  });
  if (kept) return { ...withinStages(kept, stagesOf(input)), isFromCache: true };
  progress(0.02, "site");
  const visitorWith = (robots: Readonly<Record<string, string>>): Visitor => ({
    client: siteClient(
      { get: ports.get, turns: ports.turns, userAgent: ports.userAgent, deadlineMs: ports.requestMs },
      robots,
    ),
    read: readers.readDocument,
    stageMs: ports.stageMs,
  });
  const find = ({ signal }: { signal: AbortSignal }) =>
    visitSite(visitorWith({}), input.url, input.maxPages, ports.now(), signal);
  const site = await step("site", find, { output: SiteReading, progress: 0.05 });
  const readings = new Map<Stage, StageReading>();
  let done = 0.05;
  for (const stage of stagesOf(input)) {
    progress(done, stage);
    const before = [site, ...readings.values()];
    const work = ({ signal }: { signal: AbortSignal }) =>
      runStage(stage, { ports, readers, visitor: visitorWith(site.robots), input, site, before, signal });
    readings.set(stage, await step(stage, work, { output: StageReading, progress: STAGE_PROGRESS[stage] }));
    done = STAGE_PROGRESS[stage];
  }
  const profile = profileOf(input, domain, site, readings);
  await step("keep profile", () => keepProfile(ports, profile, input.maxPages), { progress: 0.98 });
  return profile;
}

/** The stages of the input in the order in which they run. */
function stagesOf({ stages }: CompanyScrapeInput): Stage[] {
  return STAGES.filter((stage) => stages.includes(stage));
}

async function keptProfile(
  ports: ScrapePorts,
  domain: string,
  input: CompanyScrapeInput,
): Promise<CompanyProfile | null> {
  if (input.freshness === "none") return null;
  const kept = await ports.profiles.read(domain);
  return kept && answers(kept, { ...input, now: ports.now() }) ? kept.profile : null;
}

/** Keeps a profile, unless a young one has more stages: the next job may ask for those. */
async function keepProfile(ports: ScrapePorts, profile: CompanyProfile, maxPages: number): Promise<void> {
  const kept = await ports.profiles.read(profile.domain);
  const query = { stages: profile.stages, maxPages, freshness: "7d", now: ports.now() } as const;
  const isWider = kept && kept.profile.stages.length > profile.stages.length && answers(kept, query);
  if (!isWider) await ports.profiles.keep({ profile, maxPages });
}

interface StageContext {
  ports: ScrapePorts;
  readers: Readers;
  visitor: Visitor;
  input: CompanyScrapeInput;
  site: SiteReading;
  /** What was read before the stage. */
  before: readonly StageReading[];
  signal: AbortSignal;
}

async function runStage(stage: Stage, context: StageContext): Promise<StageReading> {
  const { visitor, input, site, before, signal } = context;
  const visited = before.flatMap((reading) => reading.visited);
  const visits = planVisits(stage, {
    links: before.flatMap(({ links }) => links),
    feeds: before.flatMap(({ feeds }) => feeds),
    visited,
    stages: STAGES.slice(STAGES.indexOf(stage)).filter((coming) => input.stages.includes(coming)),
    left: input.maxPages - before.reduce((sum, { pages }) => sum + pages.length, 0),
  });
  const hints = {
    ...(site.name !== undefined && { name: site.name }),
    ...(site.country !== undefined && { country: site.country }),
  };
  const reading = await visitPages(visitor, visits, hints, visited, site.homeUrl, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    return { ...emptyReading(), error: errorOf(error) };
  });
  return stage === "financial" ? withFilings(reading, context) : reading;
}

async function withFilings(
  reading: StageReading,
  { ports, readers, site, before, signal }: StageContext,
): Promise<StageReading> {
  const facts = joinFacts([...before, reading].map((one) => one.facts));
  const { name, legalName, ticker } = buildProfile(facts, site.homeUrl);
  const names = { name: name?.value, legalName: legalName?.value, ticker: ticker?.value };
  try {
    const financial = await readFinancial(ports.edgar, names, readers.readFacts, signal);
    return { ...reading, ...(financial && { financial }) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...reading, error: errorOf(error) };
  }
}

function errorOf(error: unknown): { code: string; message: string } {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "internal";
  return { code, message: code === "internal" || !(error instanceof Error) ? "The stage failed." : error.message };
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
