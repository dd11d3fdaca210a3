import assert from "node:assert/strict";
import { CompanyScrapeInput } from "../../../functions/src/jobs/company-scrape/schemas.ts";
import { partsOf } from "../../../web/src/job-views/company-scrape/profile-rows.ts";
import { EMPTY_FORM, optionsOf, requestOf, validate } from "../../../web/src/job-views/company-scrape/scrape-form.ts";
import { safeHref } from "../../../web/src/job-views/safe-href.ts";
import { scrape, scrapePorts } from "../../support/sites/scrape-made-site.ts";
import { madeGet } from "../../support/sites/serve-sites.ts";

describe("the form of a company profile", () => {
  it("sends an input that the job type takes", () => {
    const request = requestOf({ ...EMPTY_FORM, url: " example.com ", stages: ["news", "overview"], maxPages: "" });
    const expected = { url: "example.com", stages: ["overview", "news"], maxPages: 12, freshness: "7d" };
    assert.deepEqual(CompanyScrapeInput.parse(request), expected);
  });

  it("asks for an address and for a stage", () => {
    assert.deepEqual(Object.keys(validate(EMPTY_FORM)), ["url"]);
    assert.deepEqual(Object.keys(validate({ ...EMPTY_FORM, url: "a.example", stages: [] })), ["stages"]);
    assert.deepEqual(validate({ ...EMPTY_FORM, url: "a.example" }), {});
  });

  it("names the job by the site", () => {
    assert.deepEqual(optionsOf({ ...EMPTY_FORM, url: "https://www.a.example/" }), { metadata: { title: "a.example" } });
  });
});

describe("the page of a company profile", () => {
  it("lists the parts that have values, each value with its source", async () => {
    const url = "http://logpipe.localhost:8080/";
    const parts = partsOf(await scrape(scrapePorts(madeGet()), { url }));
    const titles = ["Addresses", "E-mail", "Profiles", "Offers", "Pricing pages", "Technologies", "People", "News"];
    assert.deepEqual(
      parts.map(({ title }) => title),
      titles,
    );
    assert.deepEqual(parts[3]?.rows[1], { text: "Team", note: "29 EUR a month", source: `${url}pricing` });
    assert.ok(parts.every(({ rows }) => rows.every(({ source }) => source.startsWith(url))));
  });

  it("makes no link of what is no web address", () => {
    assert.equal(safeHref("javascript:alert(1)"), undefined);
    assert.equal(safeHref("https://a.example/"), "https://a.example/");
  });
});
