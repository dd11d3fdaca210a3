import type { Element } from "domhandler";
import { oneLine, type Page, textOf } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";

const MONTH =
  "jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|jun[ei]?|juin|jul[yi]?|juillet|aug(?:ust)?|août|sep(?:t(?:ember)?)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|décembre";
const DATE = new RegExp(
  `\\b(?:(?:${MONTH})\\.? \\d{1,2},? \\d{4}|\\d{1,2}\\.? (?:${MONTH})\\.? \\d{4}|\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[./]\\d{1,2}[./]\\d{4}|\\d{4}年\\d{1,2}月\\d{1,2}日)`,
  "iu",
);

/** Notes the articles that a page of news lists: entries with a link and a date. */
export function noteNews(page: Page, notes: Notes): void {
  const { $, resolve } = page;
  const seen = new Set<string>();
  for (const entry of $("article, li, tr, [class*=news i], [class*=post i], [class*=press i]")
    .toArray()
    .slice(0, 2000)) {
    const node = $(entry);
    const link = node.find("h1 a, h2 a, h3 a, h4 a").get(0) ?? node.find("a[href]").get(0) ?? node.closest("a").get(0);
    const url = link && resolve($(link).attr("href"));
    const published = publishedAt(page, entry);
    const title = link
      ? textOf(node.find("h1, h2, h3, h4").get(0) ?? link)
          .replace(DATE, "")
          .trim()
      : "";
    // A list around several entries is none itself.
    if (!url || !published || title.length < 8 || node.find("time, h2, h3").length > 3 || seen.has(url)) continue;
    seen.add(url);
    notes.add("news", { title: title.slice(0, 300), url, publishedAt: published }, "text");
  }
}

function publishedAt({ $ }: Page, entry: Element): string | undefined {
  const time = $(entry).find("time[datetime]").first().attr("datetime")?.trim();
  return time ?? DATE.exec(oneLine($(entry).text().slice(0, 2000)))?.[0];
}

const EXCHANGES =
  "NASDAQ|NYSE(?: American| Arca)?|NYSE|LSE|AIM|TSX(?:-?V)?|ASX|FWB|XETRA|Euronext(?: \\w+)?|SIX|HKEX|SEHK|TSE|OTC(?:QB|QX|MKTS)?|AMEX|CBOE|B3|BSE|NSE|JSE|SGX|OMX";
const TICKER = new RegExp(
  `(?<![A-Za-z])(${EXCHANGES})(?: Global Select| Capital)?(?: Market)?\\s?:\\s?([A-Z0-9.]{1,6})(?![A-Za-z0-9])`,
  "gi",
);

/** Notes the ticker of the company: an exchange and a symbol close after its name, or on a page for investors. */
export function noteTickers(page: Page, notes: Notes, name: string | undefined, isForInvestors: boolean): void {
  for (const { text } of page.blocks) {
    for (const match of text.matchAll(TICKER)) {
      const [, exchange = "", symbol = ""] = match;
      const before = text.slice(Math.max(0, match.index - 100), match.index).toLowerCase();
      const isNamed = name !== undefined && before.includes(name.toLowerCase());
      if (!isNamed && !isForInvestors) continue;
      notes.add("tickers", { symbol: symbol.toUpperCase(), exchange: exchange.toUpperCase() }, "text");
    }
  }
}
