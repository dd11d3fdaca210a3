import type { Element } from "domhandler";
import { oneLine, type Page, textOf } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";

/** A person's name in Latin or Cyrillic script: two to four words with capitals, and particles between them. */
const WORD = "\\p{Lu}[\\p{L}\\p{M}'’-]*\\.?";
const NAME = new RegExp(
  `^(?:(?:Dr|Prof|Dipl|Mag|Ing|Mr|Mrs|Ms)\\.?(?:-Ing\\.)? ){0,3}${WORD}(?: (?:${WORD}|von|van|de|der|den|di|da|dos|del|la|le|af|al|el|bin)){1,4}$`,
  "u",
);
const NO_NAME =
  /\b(team|about|our|contact|us|the|company|board|leadership|management|careers?|privacy|policy|terms|news|blog|services?|products?|solutions?|customers?|office|support|join|meet|read|learn|more|view|street|group|inc|ltd|gmbh|llc|follow|values?|mission|vision|story|history)\b/i;
const ROLE =
  /\b(c[a-z]o|chief|founder|co-?founder|president|director|direct(eur|rice|or|ora)|manager|head of|vp|vice|partner|principal|lead|chair|engineer|designer|developer|officer|owner|geschäftsführer(in)?|gründer(in)?|vorst(and|ändin)|leiter(in)?|inhaber(in)?|président|gérante?|fondat(eur|rice)|socio|socia|fundador[a]?|gerente|titolare|fondatore|amministratore|dirigente|oprichter|eigenaar|styremedlem|daglig leder|vd|grundare|prezes|dyrektor|jednatel|ředitel|kurucu|müdür|генеральный|директор|основатель)\b|代表|社長|取締役|대표/iu;

/** How a legal notice names those who answer for the company, and their role in English where it is one word. */
const RESPONSIBLE: readonly [RegExp, string][] = [
  [
    /(?:Geschäftsführ(?:erin|er|ung|ende)(?:\/in|:in|\*in)?|Vertreten durch(?: d\w+ Geschäftsführer(?:in)?)?|Vertretungsberechtigte?r?(?: Geschäftsführer(?:in)?)?)\s?:?\s*/u,
    "Geschäftsführung",
  ],
  [/(?:Managing [Dd]irectors?|Represented by|CEO|Director)\s?:\s*/u, "Managing director"],
  [/(?:Inhaber(?:in)?|Owner|Titulaire|Titolare)\s?:\s*/u, "Owner"],
  [/(?:Directeur|Directrice|Responsable) de (?:la )?publication\s?:\s*/u, "Directeur de la publication"],
  [/(?:Генеральный директор|Директор)\s?:?\s*/u, "Директор"],
  [
    /(?:Daglig leder|Toimitusjohtaja|Verkställande direktör|VD|Bestuurder|Amministratore unico|Administrador(?:a)?)\s?:\s*/u,
    "Managing director",
  ],
];

/** Notes the people of a page: cards of a team with name and role. */
export function noteTeam(page: Page, notes: Notes): void {
  const { $ } = page;
  const seen = new Set<string>();
  const cards = $(
    "[class*=team i], [class*=member i], [class*=person i], [class*=people i], [class*=staff i], [class*=leader i], [class*=founder i], [class*=employee i], figure, li, article",
  );
  for (const card of cards.toArray().slice(0, 1500)) {
    const node = $(card);
    const names = node.find("h2, h3, h4, h5, h6, strong, b, figcaption, [class*=name i]").toArray().slice(0, 3);
    if (node.find("h2, h3, h4, h5, h6").length > 2) continue;
    const name = names.map((heading) => textOf(heading)).find(isName);
    const rest = name === undefined ? [] : linesOf(page, card).filter((line) => line !== name);
    const role = rest.find((line) => line.length <= 80 && ROLE.test(line));
    if (name === undefined || role === undefined || seen.has(name)) continue;
    seen.add(name);
    notes.add("people", { name, role }, "text");
  }
}

function linesOf(page: Page, card: Element): string[] {
  const children = page
    .$(card as never)
    .find("*")
    .toArray();
  return children
    .filter(({ children: below }) => below.every((child) => child.type === "text"))
    .map((leaf) => oneLine(page.$(leaf).text()));
}

/** Notes those whom a legal notice names as responsible. */
export function noteResponsible(page: Page, notes: Notes): void {
  for (const [place, { text }] of page.blocks.entries()) {
    for (const [label, role] of RESPONSIBLE) {
      const match = label.exec(text);
      if (!match) continue;
      const after = text.slice(match.index + match[0].length) || (page.blocks[place + 1]?.text ?? "");
      for (const part of after.split(/,\s|;\s|\sund\s|\sand\s|\set\s|\s[|·–-]\s|\.\s/).slice(0, 6)) {
        const name = oneLine(part);
        if (!isName(name)) break;
        notes.add("people", { name, role }, "text");
      }
      break;
    }
  }
}

function isName(text: string): boolean {
  return text.length <= 60 && NAME.test(text) && !NO_NAME.test(text);
}
