import { randomUUID } from "node:crypto";
import type { JobContext } from "@baton/engine";
import type { GuardedGet } from "@baton/engine/egress";
import { keyedMutex } from "@baton/engine/kit";
import { CompanyFacts, readCompanyFacts } from "../../../functions/src/jobs/company-scrape/filings/read-facts.ts";
import type { KeptProfile, ProfileCache } from "../../../functions/src/jobs/company-scrape/profile/profile-cache.ts";
import { readPage } from "../../../functions/src/jobs/company-scrape/read/read-page.ts";
import { type CompanyProfile, CompanyScrapeInput } from "../../../functions/src/jobs/company-scrape/schemas.ts";
import type { Readers, ScrapePorts } from "../../../functions/src/jobs/company-scrape/scrape/ports.ts";
import { scrapeCompany } from "../../../functions/src/jobs/company-scrape/scrape/scrape-company.ts";
import { askForTurn, leaveQueue, type SiteQueue } from "../../../functions/src/jobs/company-scrape/turns/site-queue.ts";
import type { SiteTurns } from "../../../functions/src/jobs/company-scrape/turns/site-turns.ts";
import type { HostTurns } from "../../../functions/src/web-pages/fetch/host-turns.ts";

/** Turns of hosts in this process, without the rests between them. */
function memoryHostTurns(): HostTurns {
  const inTurn = keyedMutex();
  return { take: (host, _signal, request) => inTurn(host, request) };
}

/** Turns of sites in memory. */
export function memorySiteTurns(now = () => new Date()): SiteTurns {
  const queues = new Map<string, SiteQueue>();
  return {
    async ask(domain, jobId) {
      const { turn, queue } = askForTurn(queues.get(domain) ?? [], jobId, now());
      queues.set(domain, queue);
      return turn;
    },
    leave: async (domain, jobId) => void queues.set(domain, leaveQueue(queues.get(domain) ?? [], jobId)),
  };
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
    sites: memorySiteTurns(),
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
  return scrapeAs(randomUUID(), ports, input, async () => undefined, reads);
}

/** The same as job `jobId`, which sleeps by `sleep`. */
export function scrapeAs(
  jobId: string,
  ports: ScrapePorts,
  input: unknown,
  sleep: JobContext["sleep"],
  reads: Readers = readers,
): Promise<CompanyProfile> {
  const { signal } = new AbortController();
  const step: JobContext["step"] = async <T>(_name: string, work: (scope: { signal: AbortSignal }) => T | Promise<T>) =>
    structuredClone(await work({ signal }));
  const steps = { step, sleep, progress: () => undefined, jobId, attempt: 1 };
  return scrapeCompany(steps, ports, reads, CompanyScrapeInput.parse(input));
}
