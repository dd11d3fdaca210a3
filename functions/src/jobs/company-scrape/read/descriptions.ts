import type { Element } from "domhandler";
import { oneLine, type Page } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";

/** Texts that are no description: consent, scripts that are off, copyright, old browsers. */
const NOT_A_DESCRIPTION =
  /cookie|javascript|©|copyright|browser|all rights reserved|lorem ipsum|datenschutz|privacy|consent|subscribe|newsletter/i;
const MAX_CHARACTERS = 1000;

/** Notes what the page says about the company in its head, else in its first paragraph. */
export function noteDescriptions(page: Page, notes: Notes): void {
  const meta = (selector: string) => oneLine(page.attribute(selector, "content") ?? "").slice(0, MAX_CHARACTERS);
  const openGraph = meta('meta[property="og:description"]');
  if (openGraph !== "") notes.add("descriptions", openGraph, "opengraph");
  const described = meta('meta[name="description" i]') || meta('meta[itemprop="description"]');
  if (described !== "") notes.add("descriptions", described, "meta");
  const first = page.blocks.find(
    ({ text, tag, area }) => area === "main" && !/^h\d|^li$|^t[dh]$/.test(tag) && isSentence(text),
  );
  if (first) notes.add("descriptions", first.text.slice(0, MAX_CHARACTERS), "text");
}

function isSentence(text: string): boolean {
  const isWide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(text);
  return text.length >= (isWide ? 25 : 60) && /[.!?。！？]\s*$/u.test(text) && !NOT_A_DESCRIPTION.test(text);
}

/** Notes the company's logo: the picture that the head names, or that calls itself one, or links to the first page. */
export function noteLogos(page: Page, notes: Notes): void {
  const { $, resolve } = page;
  const named = resolve(page.attribute('meta[property="og:logo"]', "content"));
  if (named) notes.add("logos", named, "opengraph");
  const pictures = $("img").toArray().slice(0, 500);
  const scored = pictures.map((image, place) => ({ image, score: logoScore(page, image) - place / 1000 }));
  const [best] = scores(scored);
  if (!best) return;
  const { src, ...attributes } = best.image.attribs;
  const lazy = attributes["data-src"] ?? attributes["data-lazy-src"];
  const url = resolve(src?.startsWith("data:") ? lazy : (src ?? lazy));
  if (url) notes.add("logos", url, "text");
}

function scores<Scored extends { score: number }>(all: readonly Scored[]): Scored[] {
  return all.filter(({ score }) => score > 1).toSorted((one, other) => other.score - one.score);
}

function logoScore({ $ }: Page, image: Element): number {
  const node = $(image);
  const own = `${image.attribs.src ?? ""} ${image.attribs.alt ?? ""} ${image.attribs.class ?? ""} ${image.attribs.id ?? ""}`;
  const around = node
    .parents()
    .slice(0, 3)
    .toArray()
    .map(({ attribs }) => `${attribs.class ?? ""} ${attribs.id ?? ""}`);
  const calledLogo = /logo/i.test(own) ? 3 : 0;
  const aroundLogo = /logo|brand/i.test(around.join(" ")) ? 2 : 0;
  const inHeader = node.closest("header, nav, [role=banner], [class*=header i], [id*=header i]").length > 0 ? 1 : 0;
  const toFirstPage = /^(\/|\.\/|https?:\/\/[^/]+\/?)$/.test(node.closest("a").attr("href") ?? "") ? 1 : 0;
  const isOthers = /partner|client|customer|award|press|sponsor|payment|visa|mastercard|badge/i.test(
    `${own} ${around.join(" ")}`,
  );
  return calledLogo + aroundLogo + inHeader + toFirstPage - (isOthers ? 5 : 0);
}
