import { getDomain } from "tldts";
import { oneLine, type Page, textOfFirst } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";
import { isLikeName, legalNamesIn, letters, withoutLegalForm } from "./legal-name.ts";

const GENERIC =
  /^(home ?page|home|start|startseite|accueil|inicio|início|homepage|welcome|willkommen|bienvenue|bienvenidos|главная|ホーム|トップ|首页|主页|index|untitled|official (web)?site|about( us)?|contact( us)?|kontakt|impressum|loading.*|404.*|just a moment.*|redirecting.*)$/i;
const WELCOME =
  /^(welcome to|willkommen (bei|im|in der|auf)|bienvenue (chez|sur|à)|bienvenid[oa]s? an?|benvenuti (in|su|da)|welkom bij|добро пожаловать в|home of)\s+/i;

/** Notes the company's name as the elements of the head, the title and the first heading have it. */
export function noteNames(page: Page, notes: Notes): void {
  const meta = (property: string) =>
    page.attribute(`meta[property="${property}"], meta[name="${property}"]`, "content");
  const siteName = meta("og:site_name");
  if (siteName && !/^https?:/.test(siteName)) notes.add("names", plainName(siteName), "opengraph");
  const application = meta("application-name") ?? meta("apple-mobile-web-app-title");
  if (application) notes.add("names", plainName(application), "meta");
  const title = nameInTitle(page);
  if (title) notes.add("names", title, "text");
}

/** Chooses the part of the title that other parts of the page, or the domain, repeat. */
function nameInTitle(page: Page): string | undefined {
  const title = page.title || page.attribute('meta[property="og:title"]', "content");
  const parts = partsOf(title ?? "");
  if (parts.length === 0) return undefined;
  const witnesses = witnessesOf(page);
  const scores = parts.map((part, place) => {
    const echoes = witnesses.filter((text) => letters(text).includes(letters(withoutLegalForm(part)))).length;
    const isOfDomain = isLikeDomain(part, page.url) ? 3 : 0;
    const hasForm = legalNamesIn(part).length > 0 ? 2 : 0;
    const isLong = part.split(" ").length > 5 ? 2 : 0;
    return { part, score: echoes + isOfDomain + hasForm - isLong - place / 10 };
  });
  const [best] = scores.toSorted((one, other) => other.score - one.score);
  return best && plainName(best.part);
}

function partsOf(title: string): string[] {
  const parts = title.split(/\s[|\-–—·•:»~]\s|\s?[｜|•»]\s?|:\s|\s[-–—]\s/u);
  const named = parts
    .map((part) => part.replace(WELCOME, "").trim())
    .filter((part) => part !== "" && !GENERIC.test(part));
  return named.filter((part) => part.length <= 80);
}

/** Texts of a page in which the company's name is expected. */
function witnessesOf(page: Page): string[] {
  const { $, blocks } = page;
  const logos = $("img")
    .toArray()
    .filter((image) => /logo|brand/i.test(Object.values(image.attribs).join(" ")));
  const copyright = blocks.filter(({ text }) => /©|copyright|\(c\)/i.test(text)).map(({ text }) => text);
  const known = page.attribute('meta[property="og:title"]', "content");
  return [
    textOfFirst($("h1")),
    known ?? "",
    ...logos.map((image) => image.attribs.alt ?? ""),
    ...copyright.slice(0, 3),
  ];
}

function isLikeDomain(name: string, url: string): boolean {
  const label = letters(getDomain(url, { allowPrivateDomains: true })?.split(".")[0] ?? "");
  const plain = letters(withoutLegalForm(name));
  const spelled = plain.replaceAll("ae", "a").replaceAll("oe", "o").replaceAll("ue", "u");
  return (
    label.length >= 3 &&
    [plain, spelled].some((text) => text.length >= 3 && (text.startsWith(label) || label.startsWith(text)))
  );
}

function plainName(name: string): string {
  return withoutLegalForm(
    oneLine(name)
      .replace(WELCOME, "")
      .replace(/\s*[®™]$/, ""),
  );
}

/** Names of those who run a site for its owner: hosts, makers of pages. */
const HOSTER =
  /h[ée]berg|hosting|hosted|provider|webdesign|web design|réalisation|realizzazione|umsetzung|gestaltung|développ|powered by|theme by|создание сайта/i;

/** Notes the company's legal name. `name` is what the site is called; on a legal notice the first one needs no likeness. */
export function noteLegalNames(page: Page, notes: Notes, name: string | undefined, isLegalPage: boolean): void {
  const title = { text: page.title, tag: "title", area: "main" } as const;
  let isHosters = false;
  for (const block of [title, ...page.blocks]) {
    if (/^h\d$|^dt$/.test(block.tag)) isHosters = false;
    if (HOSTER.test(block.text)) isHosters = true;
    if (isHosters || block.text.length > 1500) continue;
    for (const found of legalNamesIn(block.text)) {
      const isLike = (name !== undefined && isLikeName(found, name)) || isLikeDomain(found, page.url);
      const isFirst = isLegalPage && notes.facts.legalNames.length === 0;
      if (isLike || isFirst) notes.add("legalNames", found, "text");
    }
  }
}
