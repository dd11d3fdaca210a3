import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { planVisits } from "../../../functions/src/jobs/company-scrape/plan-visits.ts";
import { emailsIn, phoneOf } from "../../../functions/src/jobs/company-scrape/read/contact-values.ts";
import { legalNamesIn, withoutLegalForm } from "../../../functions/src/jobs/company-scrape/read/legal-name.ts";
import { pageKey, siteOf } from "../../../functions/src/jobs/company-scrape/read/links.ts";
import { kindOf } from "../../../functions/src/jobs/company-scrape/read/page-kinds.ts";
import { priceIn } from "../../../functions/src/jobs/company-scrape/read/prices.ts";
import { socialProfileOf } from "../../../functions/src/jobs/company-scrape/read/social.ts";
import { technologyRules } from "../../../functions/src/jobs/company-scrape/read/technologies.ts";
import { readSitemap } from "../../../functions/src/jobs/company-scrape/scrape/sitemaps.ts";
import { robotsOf } from "../../../functions/src/web-pages/fetch/robots.ts";
import { decodeText } from "../../../functions/src/web-pages/read/decode-text.ts";

describe("the reading of a page", () => {
  it("finds e-mail addresses, also written out, and none that stand for an example", () => {
    assert.deepEqual(emailsIn("Mail: A.B+c@Mail.Example.org, or info (at) firma [dot] de."), [
      "a.b+c@mail.example.org",
      "info@firma.de",
    ]);
    assert.deepEqual(emailsIn("you@example.com logo@2x.png 1a2b@o1.ingest.sentry.io @handle a@b"), []);
  });

  it("reads phone numbers as E.164 where they are valid", () => {
    assert.equal(phoneOf("tel:+49 (0) 431 1234567", []), "+494311234567");
    assert.equal(phoneOf("0033 4 78 12 34 56", []), "+33478123456");
    assert.equal(phoneOf("٠٢٢٣٤٥٦٧٨٩", ["EG"]), "+20223456789");
    assert.equal(phoneOf("12345", ["US"]), undefined);
  });

  it("reads prices of several notations", () => {
    assert.deepEqual(priceIn("from 1.290,50 € pro Monat"), { price: 1290.5, currency: "EUR", period: "month" });
    assert.deepEqual(priceIn("US$1,200/yr"), { price: 1200, currency: "USD", period: "year" });
    assert.deepEqual(priceIn("¥980"), { price: 980, currency: "JPY" });
    assert.equal(priceIn("30% off in 2026"), undefined);
  });

  it("finds names with their legal forms, and names without them", () => {
    assert.deepEqual(legalNamesIn("© 2026 Foo Bar & Sons Ltd. All rights reserved"), ["Foo Bar & Sons Ltd."]);
    assert.deepEqual(legalNamesIn("Muster Bau GmbH & Co. KG, Ulm"), ["Muster Bau GmbH & Co. KG"]);
    assert.deepEqual(["Foo, Inc.", "ООО «Ромашка»", "株式会社さくら"].map(withoutLegalForm), [
      "Foo",
      "Ромашка",
      "さくら",
    ]);
  });

  it("tells the kinds of pages in several languages", () => {
    const kinds = [
      ["Über uns", "/x"],
      ["お問い合わせ", "/x"],
      ["", "/mentions-legales"],
      ["Read on", "/blog/2026/a"],
      ["Products", "/p"],
    ];
    const found = kinds.map(([text = "", path = ""]) => kindOf(text, path)?.kind);
    assert.deepEqual(found, ["about", "contact", "legal", "news", undefined]);
  });

  it("takes profiles of companies, and no links to share or to people", () => {
    assert.deepEqual(socialProfileOf("https://de.linkedin.com/company/foo/?trk=x"), {
      network: "linkedin",
      url: "https://de.linkedin.com/company/foo/",
    });
    for (const other of [
      "https://www.linkedin.com/in/ada",
      "https://twitter.com/intent/tweet?x",
      "https://www.facebook.com/sharer.php",
      "https://x.com/",
    ]) {
      assert.equal(socialProfileOf(other), undefined);
    }
  });

  it("decodes by byte order mark, content, header, meta element, in this order", () => {
    const utf16 = Buffer.from("\ufeffKäse", "utf16le");
    assert.equal(decodeText(utf16, "text/html; charset=utf-8"), "Käse");
    assert.equal(decodeText(Buffer.from("Käse"), "text/html; charset=windows-1251"), "Käse");
    assert.equal(decodeText(Buffer.from("Käse", "latin1"), "text/html; charset=no-such"), "Käse");
    assert.equal(decodeText(Buffer.from([0xcf, 0xf0, 0xe8]), "text/html; charset=windows-1251"), "При");
  });

  it("has technology rules with a name of their own, a source, and patterns that compile", () => {
    const rules = technologyRules();
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    for (const { generator = "", headers = {}, scripts = [], html = [], implies = [] } of rules) {
      for (const pattern of [generator, ...Object.values(headers), ...scripts, ...html]) new RegExp(pattern, "i");
      for (const name of implies)
        assert.ok(
          rules.some((rule) => rule.name === name),
          name,
        );
    }
  });
});

describe("the choice of pages", () => {
  const link = (url: string, kind: "about" | "contact" | "news", score = 1) => ({
    url: `https://a.example${url}`,
    kind,
    score,
  });
  const context = {
    feeds: [],
    visited: ["https://a.example/"],
    stages: ["overview", "contacts", "news"] as const,
    left: 2,
  };

  it("shares few pages among the stages that come, the surest link of each kind first", () => {
    const links = [link("/n", "news"), link("/a2", "about", 0.5), link("/a", "about"), link("/c", "contact")];
    assert.deepEqual(
      planVisits("overview", { ...context, links }).map(({ url }) => url),
      ["https://a.example/a"],
    );
    assert.deepEqual(
      planVisits("contacts", { ...context, links }).map(({ url }) => url),
      ["https://a.example/c"],
    );
    assert.deepEqual(planVisits("news", { ...context, links }), []);
  });

  it("takes no page that was visited under another spelling", () => {
    assert.equal(pageKey("https://www.a.example/c/?utm_source=x#y"), pageKey("http://a.example/c"));
    const links = [link("/c/", "contact")];
    assert.deepEqual(planVisits("contacts", { ...context, links, visited: ["https://www.a.example/c"] }), []);
  });

  it("names sites by their registrable domain", () => {
    const urls = ["https://www.a.co.uk/x", "https://shop.a.co.uk/", "https://a.github.io/", "http://127.0.0.1:8080/"];
    assert.deepEqual(urls.map(siteOf), ["a.co.uk", "a.co.uk", "a.github.io", "127.0.0.1:8080"]);
  });

  it("reads sitemaps, indexes, and both in gzip, however they are broken", () => {
    const map = Buffer.from(
      "<urlset><url><loc> https://a.example/?a=1&amp;b=2 </loc></url><url><loc><![CDATA[https://a.example/c]]></loc>",
    );
    assert.deepEqual(readSitemap(gzipSync(map)).pages, ["https://a.example/?a=1&b=2", "https://a.example/c"]);
    const index = Buffer.from("<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>");
    assert.deepEqual(readSitemap(index), { pages: [], sitemaps: ["https://a.example/1.xml"] });
    assert.deepEqual(readSitemap(Buffer.from([0x1f, 0x8b, 1, 2])), { pages: [], sitemaps: [] });
    assert.deepEqual(readSitemap(Buffer.from("https://a.example/1\nhttps://a.example/2")).pages.length, 2);
  });

  it("reads what a hostile server sends in place of a sitemap in linear time", () => {
    const before = process.cpuUsage();
    for (const part of ["\n", "<loc>\n", "<a", "<loc> ", "\t"]) readSitemap(Buffer.from(part.repeat(500_000)));
    readSitemap(Buffer.from(`<loc>${" ".repeat(4_000_000)}`));
    const { user } = process.cpuUsage(before);
    // With a quadratic pattern it is minutes.
    assert.ok(user < 2_000_000, `${user / 1000} ms`);
  });

  it("takes a robots.txt of more wildcards than can be tried for one that forbids everything", () => {
    const robots = (wildcards: number) =>
      robotsOf("https://a.example/robots.txt", `User-agent: *\nDisallow: /x${"*a".repeat(wildcards)}`);
    const url = `https://a.example/${"a".repeat(2000)}`;
    assert.deepEqual([robots(9_999).isAllowed(url), robots(10_000).isAllowed(url)], [true, false]);
  });

  it("obeys robots.txt: the group of the robot, else that of all, with its delay up to 30 s", () => {
    const robots = robotsOf(
      "https://a.example/robots.txt",
      "User-agent: *\nCrawl-delay: 2\nDisallow: /private\nSitemap: https://a.example/s.xml",
    );
    assert.deepEqual(
      [robots.isAllowed("https://a.example/"), robots.isAllowed("https://a.example/private/x")],
      [true, false],
    );
    assert.deepEqual([robots.crawlDelayMs, robots.sitemaps], [2000, ["https://a.example/s.xml"]]);
    const own = robotsOf(
      "https://a.example/robots.txt",
      "User-agent: BatonScrape\nCrawl-delay: 999\nAllow: /\n\nUser-agent: *\nDisallow: /",
    );
    assert.deepEqual([own.isAllowed("https://a.example/x"), own.crawlDelayMs], [true, 30_000]);
  });
});
