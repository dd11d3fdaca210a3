import { joinFacts } from "../facts.ts";
import { readFinancial } from "../filings/edgar.ts";
import { planVisits } from "../plan-visits.ts";
import { buildProfile } from "../profile/build-profile.ts";
import type { CompanyScrapeInput } from "../schemas.ts";
import { STAGES, type Stage, stagesOf } from "../stages.ts";
import type { Readers, ScrapePorts } from "./ports.ts";
import { emptyReading, joinReadings, type SiteReading, type StageReading } from "./stage-reading.ts";
import { type Visitor, visitPages } from "./visit-pages.ts";

/** The arguments of a stage. */
export interface StageContext {
  ports: ScrapePorts;
  readers: Readers;
  visitor: Visitor;
  input: CompanyScrapeInput;
  site: SiteReading;
  /** The readings before the stage. */
  before: readonly StageReading[];
  signal: AbortSignal;
}

/** Pages that a stage finds may lead to others of it: a page of news names its feed. So it plans twice. */
const ROUNDS = 2;

/** Visits the pages of one stage. It has failed when none of those that it planned first could be read. */
export async function runStage(stage: Stage, context: StageContext): Promise<StageReading> {
  let total = await runRound(stage, context, context.before);
  for (let round = 1; round < ROUNDS && !total.error; round++) {
    const { error: _, ...more } = await runRound(stage, context, [...context.before, total]);
    total = joinReadings(total, more);
  }
  return stage === "financial" ? withFilings(total, context) : total;
}

async function runRound(stage: Stage, context: StageContext, before: readonly StageReading[]): Promise<StageReading> {
  const { visitor, input, site, signal } = context;
  const visited = before.flatMap((reading) => reading.visited);
  const visits = planVisits(stage, {
    links: before.flatMap(({ links }) => links),
    feeds: before.flatMap(({ feeds }) => feeds),
    visited,
    stages: stagesOf(input).filter((coming) => STAGES.indexOf(coming) >= STAGES.indexOf(stage)),
    left: input.maxPages - before.reduce((sum, { pages }) => sum + pages.length, 0),
  });
  const { name, country } = site;
  const hints = { ...(name !== undefined && { name }), ...(country !== undefined && { country }) };
  try {
    return await visitPages(visitor, visits, hints, visited, site.homeUrl, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { ...emptyReading(), error: errorOf(error) };
  }
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
