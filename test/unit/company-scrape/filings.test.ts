import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { matchFiler } from "../../../functions/src/jobs/company-scrape/filings/match-company.ts";
import { readCompanyFacts } from "../../../functions/src/jobs/company-scrape/filings/read-facts.ts";
import { scrape, scrapePorts } from "../../support/sites/scrape-made-site.ts";
import { madeGet } from "../../support/sites/serve-sites.ts";

const FILERS = [
  { cik: 1, ticker: "GPKS", title: "GRANITE PEAK SYSTEMS INC /DE/" },
  { cik: 2, ticker: "APLE", title: "Apple Hospitality REIT, Inc." },
  { cik: 3, ticker: "TWN-A", title: "Twin Corp" },
  { cik: 3, ticker: "TWN-B", title: "Twin Corp" },
  { cik: 4, ticker: "OAK1", title: "Oakridge Inc" },
  { cik: 5, ticker: "OAK2", title: "Oakridge Ltd" },
];

const entry = (start: string | undefined, end: string, val: number, more: object = {}) => ({
  ...(start && { start }),
  ...{ end, val, accn: `0000000001-${end.slice(2, 4)}-000001`, fy: Number(end.slice(0, 4)), fp: "FY", form: "10-K" },
  ...{ filed: `${Number(end.slice(0, 4)) + 1}-02-20` },
  ...more,
});

const FACTS = {
  entityName: "GRANITE PEAK SYSTEMS INC",
  facts: {
    dei: { EntityNumberOfEmployees: { units: { employee: [entry(undefined, "2025-12-31", 1200)] } } },
    "us-gaap": {
      // Given up for another concept after 2017.
      SalesRevenueNet: { units: { USD: [entry("2017-01-01", "2017-12-31", 5)] } },
      Revenues: {
        units: {
          USD: [
            entry("2024-01-01", "2024-12-31", 900),
            entry("2024-01-01", "2024-12-31", 901, { fy: 2025, filed: "2026-02-20" }),
            entry("2025-01-01", "2025-12-31", 1000),
            entry("2025-10-01", "2025-12-31", 300),
            entry("2026-01-01", "2026-09-30", 800, { form: "10-Q" }),
          ],
        },
      },
      NetIncomeLoss: { units: { USD: [entry("2025-01-01", "2025-12-31", -50), "damaged"] } },
    },
  },
};

describe("the filings of a company", () => {
  it("are found by a US ticker with a like name, or by a legal name that one filer has", () => {
    const cikOf = (names: Parameters<typeof matchFiler>[1]) => matchFiler(FILERS, names)?.cik;
    assert.equal(cikOf({ name: "Granite Peak", ticker: { symbol: "GPKS", exchange: "NASDAQ" } }), 1);
    assert.equal(cikOf({ name: "Granite Peak Systems", legalName: "Granite Peak Systems, Inc." }), 1);
    assert.equal(cikOf({ legalName: "Twin Corporation" }), 3);
    assert.equal(cikOf({ name: "Other", ticker: { symbol: "GPKS", exchange: "NASDAQ" } }), undefined);
    assert.equal(cikOf({ name: "Harrow", ticker: { symbol: "GPKS", exchange: "LSE" } }), undefined);
    assert.equal(cikOf({ name: "Apple", legalName: "Apple Inc." }), undefined);
    assert.equal(cikOf({ legalName: "Oakridge LLC" }), undefined);
    assert.equal(cikOf({ name: "Granite Peak Systems" }), undefined);
    assert.equal(cikOf({}), undefined);
  });

  it("give the figures of the last whole year, with the report that has them", () => {
    const source = "https://data.example/facts.json";
    const financial = readCompanyFacts(FACTS, "0000000001", source);
    const figure = { asOf: "2025-12-31", accession: "0000000001-25-000001", form: "10-K", fiscalYear: 2025 };
    assert.deepEqual(financial, {
      cik: "0000000001",
      companyName: "GRANITE PEAK SYSTEMS INC",
      fiscalYear: 2025,
      revenue: { value: { value: 1000, currency: "USD", ...figure }, source, from: "filing" },
      netIncome: { value: { value: -50, currency: "USD", ...figure }, source, from: "filing" },
      employees: { value: { value: 1200, ...figure }, source, from: "filing" },
    });
  });

  it("go into the profile of a listed company", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers["user-agent"]}`);
      const isList = request.url === "/files/company_tickers.json";
      const list = Object.fromEntries(FILERS.map(({ cik, ...filer }, place) => [place, { cik_str: cik, ...filer }]));
      response.end(JSON.stringify(isList ? list : FACTS));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const edgar = { filesBaseUrl: `${origin}/files`, dataBaseUrl: `${origin}/data`, userAgent: "Robot a@example.com" };
    const input = { url: "http://listed.localhost:8080/", stages: ["financial"] };
    const profile = await scrape(scrapePorts(madeGet(), { edgar }), input);
    server.close();
    assert.deepEqual(asked, [
      "/files/company_tickers.json Robot a@example.com",
      "/data/companyfacts/CIK0000000001.json Robot a@example.com",
    ]);
    assert.deepEqual(profile.ticker?.value, { symbol: "GPKS", exchange: "NASDAQ" });
    assert.deepEqual([profile.financial?.revenue?.value.value, profile.stageErrors], [1000, []]);
  });
});
