import { oneLine, type Page, textOf } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";

const JOB_PATH =
  /\/(jobs?|careers?|vacanc(y|ies)|positions?|openings?|stellen(angebote|anzeigen)?|karriere|offres?-?(d-?emploi)?|emplois?|recrutement|vacantes?|empleos?|vagas?|vacatures?|lavora[\w-]*|posizioni|praca|oferty-pracy|jobb|stillinger?|ledige-\w+|vakansii?|vacancy|recruit|kariera|pozice)\/[^/?#]+\/?$/i;
/** Words of links on a page of openings that are no opening. */
const NOT_A_JOB =
  /^(home|all|more|view|see|read|apply|learn|back|next|previous|search|show|open|join|our|life|benefits|culture|teams?|locations?|faq|login|privacy|careers?|jobs?|about|contact|blog|news|mehr|alle|zur|bewerben|jetzt|en savoir|voir|postuler|toutes|ver|todas?|meer|alle|terug|подробнее|все)\b/i;
const HEADING =
  /open(e)? (positions?|roles?|jobs?|stellen)|current (openings|vacancies)|vacanc|vacatures|stellenangebote|offene stellen|postes|offres|vacantes|vagas|posizioni aperte|вакансии|募集|採用|채용|招聘|ledige/i;

/** Notes the openings of a careers page: its links to pages of jobs, else the headings below one of openings. */
export function noteOpenings(page: Page, notes: Notes): void {
  const titles = new Set<string>();
  const add = (title: string, url?: string, location?: string) => {
    if (titles.has(title) || !isTitle(title)) return;
    titles.add(title);
    notes.add("jobOpenings", { title, ...(url && { url }), ...(location && { location }) }, "text");
  };
  for (const link of page.$("a[href]").toArray().slice(0, 3000)) {
    const url = page.resolve(link.attribs.href);
    if (!url || !JOB_PATH.test(new URL(url).pathname) || samePath(url, page.url)) continue;
    const node = page.$(link);
    const heading = node.find("h2, h3, h4, h5, strong, [class*=title i]").get(0);
    const title = textOf(heading ?? link);
    const beside = oneLine(node.siblings("span, small, p, div").first().text());
    const inner = heading ? textOf(link).replace(title, "").trim() : "";
    add(
      title,
      url,
      [beside, inner].find((text) => text !== "" && text.length <= 80),
    );
  }
  if (titles.size === 0) for (const title of titlesBelowHeading(page)) add(title);
}

function titlesBelowHeading({ blocks }: Page): string[] {
  const start = blocks.findIndex(({ tag, text }) => /^h[1-3]$/.test(tag) && HEADING.test(text));
  const level = Number(blocks[start]?.tag.slice(1));
  if (start === -1) return [];
  const after = blocks.slice(start + 1);
  const end = after.findIndex(
    ({ tag, area }) => area === "footer" || (/^h\d$/.test(tag) && Number(tag.slice(1)) <= level),
  );
  const section = after.slice(0, end === -1 ? undefined : end);
  const headings = section.filter(({ tag }) => /^h[2-5]$/.test(tag));
  return headings.map(({ text }) => text).slice(0, 50);
}

function isTitle(title: string): boolean {
  return (
    title.length >= 4 &&
    title.length <= 120 &&
    !NOT_A_JOB.test(title) &&
    /\p{L}{3}/u.test(title) &&
    !/[?!]$/.test(title)
  );
}

function samePath(one: string, other: string): boolean {
  return new URL(one).pathname === new URL(other).pathname;
}
