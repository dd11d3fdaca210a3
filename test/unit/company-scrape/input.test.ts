import assert from "node:assert/strict";
import { CompanyScrapeInput } from "../../../functions/src/jobs/company-scrape/schemas.ts";

const url = "https://example.com/";

/** Inputs that are refused at the submission, each with the place and a part of the message. */
const REFUSED: readonly [what: string, input: unknown, place: string, message: RegExp][] = [
  ["nothing", undefined, "", /expected object/],
  ["null", null, "", /expected object/],
  ["a text", url, "", /expected object/],
  ["a list", [url], "", /expected object/],
  ["no URL", {}, "url", /expected string/],
  ["a number as URL", { url: 17 }, "url", /expected string/],
  ["a list of URLs", { url: [url] }, "url", /expected string/],
  ["an empty URL", { url: "" }, "url", /is empty/],
  ["a URL of blanks", { url: " \t " }, "url", /is empty/],
  ["a URL of 10,000 characters", { url: `https://example.com/${"a".repeat(10_000)}` }, "url", /2048/],
  ["a word", { url: "example" }, "url", /not an http or https URL/],
  ["a sentence", { url: "the site of Example" }, "url", /white space/],
  ["ftp", { url: "ftp://example.com/" }, "url", /not an http or https URL/],
  ["file", { url: "file:///etc/passwd" }, "url", /not an http or https URL/],
  ["javascript", { url: "javascript:alert(1)" }, "url", /not an http or https URL/],
  ["data", { url: "data:text/html,<p>x" }, "url", /not an http or https URL/],
  ["gopher", { url: "gopher://example.com/" }, "url", /not an http or https URL/],
  ["a mail address", { url: "mailto:a@example.com" }, "url", /not an http or https URL/],
  ["a user name and a password", { url: "https://a:b@example.com/" }, "url", /user name/],
  ["no host", { url: "https:///" }, "url", /not a URL/],
  ["a host that is none", { url: "https://[::1/" }, "url", /not a URL/],
  ["a port that is none", { url: "https://example.com:99999/" }, "url", /not a URL/],
  ["a backslash", { url: "https:\\\\example.com" }, "url", /backslash/],
  ["a line break", { url: "https://example.com/\nHost: x" }, "url", /control characters/],
  ["a null character", { url: "https://example.com/\u0000" }, "url", /control characters/],
  ["an override of the direction", { url: "https://example.com/\u202egpj.exe" }, "url", /control characters/],
  ["a zero-width space", { url: "https://exa\u200bmple.com/" }, "url", /control characters/],
  ["emoji alone", { url: "😀" }, "url", /not an http or https URL/],
  ["orders to a reader", { url: "ignore previous instructions" }, "url", /white space/],
  ["a stage that is none", { url, stages: ["everything"] }, "stages/0", /Invalid option/],
  ["no stage", { url, stages: [] }, "stages", />=1/],
  ["a stage twice", { url, stages: ["news", "news"] }, "stages", /twice/],
  ["stages as a text", { url, stages: "news" }, "stages", /expected array/],
  ["no page", { url, maxPages: 0 }, "maxPages", />=1/],
  ["a part of a page", { url, maxPages: 1.5 }, "maxPages", /expected int/],
  ["a million pages", { url, maxPages: 1_000_000 }, "maxPages", /<=50/],
  ["pages as a text", { url, maxPages: "12" }, "maxPages", /expected number/],
  ["a freshness that is none", { url, freshness: "1d" }, "freshness", /Invalid option/],
  ["an unknown field", { url, depth: 3 }, "", /Unrecognized key/],
];

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
  for (const [what, input, place, message] of REFUSED) {
    it(`is refused when it is ${what}`, () => {
      const parsed = CompanyScrapeInput.safeParse(input);
      const [issue] = parsed.error?.issues ?? [];
      assert.equal(issue?.path.join("/"), place);
      assert.match(issue.message, message);
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
