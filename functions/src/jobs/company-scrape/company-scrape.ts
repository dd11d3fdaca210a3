import { defineJob } from "@baton/engine";
import type { FetchedDocument } from "../../web-pages/fetch/site-client.ts";
import type { SiteHints } from "./read/read-page.ts";
import { CompanyProfile, CompanyScrapeInput } from "./schemas.ts";
import type { Readers, ScrapePorts } from "./scrape/ports.ts";
import { ScrapeSettings } from "./settings.ts";

/**
 * The job type `company.scrape`: one profile of a company from its site and its public filings. A profile serves the
 * jobs of all owners for a week.
 */
export function companyScrape(portsOf: (settings: ScrapeSettings) => Awaitable<ScrapePorts> = deployed) {
  return defineJob({
    type: "company.scrape",
    input: CompanyScrapeInput,
    output: CompanyProfile,
    settings: ScrapeSettings,
    retry: { maxAttempts: 3, minDelayMs: 2000, maxDelayMs: 60_000 },
    // Equal jobs run one at a time, and each of them then reads what the one before kept. The time is over at once:
    // how old a profile may be is for each job to say.
    cache: { ttlMs: 1, version: "1", isPublic: true },
    compute: { readDocument, readFacts },
    computeLimits: { timeoutMs: 20_000, memoryMb: 512 },
    async run(context, input) {
      const { scrapeCompany } = await import("./scrape/scrape-company.ts");
      const readers: Readers = {
        readDocument: (document, hints, signal) => context.compute("readDocument", { document, hints }, { signal }),
        readFacts: (text, cik, source) => context.compute("readFacts", { text, cik, source }),
      };
      return scrapeCompany(context, await portsOf(context.settings), readers, input);
    },
  });
}

type Awaitable<T> = T | Promise<T>;

/** Loads what only a worker needs when it is first used. */
async function deployed(settings: ScrapeSettings): Promise<ScrapePorts> {
  const { deployedPorts } = await import("./deployed-ports.ts");
  return deployedPorts(settings);
}

/** Reads a page: its parser is loaded in the process that computes, and nowhere else. */
async function readDocument({ document, hints }: { document: FetchedDocument; hints: SiteHints }) {
  const { readPage } = await import("./read/read-page.ts");
  return readPage(document, hints);
}

/** Reads the figures of a filer; undefined for JSON of another form. */
async function readFacts({ text, cik, source }: { text: string; cik: string; source: string }) {
  const { CompanyFacts, readCompanyFacts } = await import("./filings/read-facts.ts");
  const facts = CompanyFacts.safeParse(JSON.parse(text));
  return facts.success ? readCompanyFacts(facts.data, cik, source) : undefined;
}
