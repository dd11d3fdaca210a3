import type { JobContext } from "@baton/engine";
import type { GuardedGet } from "@baton/engine/egress";
import { keyedMutex } from "@baton/engine/kit";
import { CompanyFacts, readCompanyFacts } from "../../../functions/src/jobs/company-scrape/filings/read-facts.ts";
import type { KeptProfile, ProfileCache } from "../../../functions/src/jobs/company-scrape/profile/profile-cache.ts";
import { readPage } from "../../../functions/src/jobs/company-scrape/read/read-page.ts";
import { type CompanyProfile, CompanyScrapeInput } from "../../../functions/src/jobs/company-scrape/schemas.ts";
import type { Readers, ScrapePorts } from "../../../functions/src/jobs/company-scrape/scrape/ports.ts";
import { scrapeCompany } from "../../../functions/src/jobs/company-scrape/scrape/scrape-company.ts";
import type { HostTurns } from "../../../functions/src/web-pages/fetch/host-turns.ts";

/** Turns of hosts in this process, without the rests between them. */
function memoryHostTurns(): HostTurns {
  const inTurn = keyedMutex();
  return { take: (host, _signal, request) => inTurn(host, request) };
}

/** A cache of profiles in memory. */
function memoryProfileCache(): ProfileCache {
  const kept = new Map<string, KeptProfile>();
  return {
    read: async (domain) => structuredClone(kept.get(domain)),
    keep: async (one) => void kept.set(one.profile.domain, structuredClone(one)),
  };
}

/** Ports of a scrape that meets nothing but what `get` answers. */
export function scrapePorts(get: GuardedGet, overrides: Partial<ScrapePorts> = {}): ScrapePorts {
  return {
    get,
    turns: memoryHostTurns(),
    profiles: memoryProfileCache(),
    userAgent: "BatonScrape/1.0 (+https://example.com/robot.html)",
    edgar: { filesBaseUrl: "http://127.0.0.1:1", dataBaseUrl: "http://127.0.0.1:1", userAgent: "BatonScrape/1.0" },
    now: () => new Date("2026-11-27T12:00:00Z"),
    requestMs: 5000,
    stageMs: 60_000,
    ...overrides,
  };
}

/** Reads in this process. */
const readers: Readers = {
  readDocument: async (document, hints) => readPage(document, hints),
  readFacts: async (text, cik, source) => readCompanyFacts(CompanyFacts.parse(JSON.parse(text)), cik, source),
};

/** Runs a scrape with steps that are done at once and not kept. */
export function scrape(ports: ScrapePorts, input: unknown, reads: Readers = readers): Promise<CompanyProfile> {
  const { signal } = new AbortController();
  const step: JobContext["step"] = async <T>(_name: string, work: (scope: { signal: AbortSignal }) => T | Promise<T>) =>
    structuredClone(await work({ signal }));
  return scrapeCompany({ step, progress: () => undefined }, ports, reads, CompanyScrapeInput.parse(input));
}
