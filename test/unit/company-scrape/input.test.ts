import assert from "node:assert/strict";
import { deployedGet } from "@baton/engine/egress";
import { EgressSettings } from "@baton/engine/egress/settings";
import { testJob } from "@baton/engine/testing";
import { companyScrape } from "../../../functions/src/jobs/company-scrape/company-scrape.ts";
import { CompanyScrapeInput } from "../../../functions/src/jobs/company-scrape/schemas.ts";
import { FAILED, REFUSED } from "../../support/bad-inputs/company-scrape.ts";
import { scrapePorts } from "../../support/sites/scrape-made-site.ts";

const url = "https://example.com/";

const TAKEN = [
  "https://example.com",
  "http://example.com:8080/a?b=c#d",
  "example.com",
  "www.example.co.uk/en/",
  "  https://example.com/  ",
  "https://münchen.example/",
  "пример.example",
  "https://例え.example/",
  "https://شركة.example/",
  "https://xn--mnchen-3ya.example/",
  "HTTPS://EXAMPLE.COM/",
];

describe("the input of company.scrape", () => {
  for (const [what, input, message] of REFUSED) {
    it(`is refused when it is ${what}`, async () => {
      // The table has inputs that do not compile.
      const refused = Promise.resolve().then(() => testJob(companyScrape(), input as CompanyScrapeInput));
      await assert.rejects(refused, message);
    });
  }

  for (const [what, input, code, message] of FAILED) {
    it(`fails for good, in the first attempt, and nothing is sent, when it is ${what}`, async () => {
      const ports = scrapePorts(deployedGet(EgressSettings.parse({ GCLOUD_PROJECT: "demo-baton" })));
      const job = await testJob(
        companyScrape(() => ports),
        input,
        { settings: { GCLOUD_PROJECT: "demo-baton" } },
      );
      await job.run();
      assert.deepEqual([job.status, job.attempts, job.error?.code], ["failed", 1, code]);
      assert.match(job.error?.message ?? "", message);
    });
  }

  for (const taken of TAKEN) {
    it(`may be ${JSON.stringify(taken)}`, () => {
      assert.equal(CompanyScrapeInput.parse({ url: taken }).url, taken.trim());
    });
  }

  it("asks for everything, of 12 pages and a week old, unless it says otherwise", () => {
    const stages = ["overview", "contacts", "technology", "financial", "people", "news"];
    assert.deepEqual(CompanyScrapeInput.parse({ url }), { url, stages, maxPages: 12, freshness: "7d" });
  });
});
