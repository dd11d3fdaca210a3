import type { Page } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";

/** Frequent words that few other languages have. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ["the", "and", "of", "to", "for", "with", "is", "we", "our", "you"],
  de: ["und", "der", "die", "das", "mit", "für", "von", "wir", "ist", "den", "unser", "unserem"],
  fr: ["et", "les", "des", "pour", "une", "est", "nous", "vous", "dans", "avec"],
  es: ["y", "los", "las", "para", "con", "una", "del", "por", "nuestro", "es"],
  it: ["e", "il", "di", "che", "per", "con", "della", "sono", "una", "gli"],
  pt: ["e", "os", "para", "com", "uma", "não", "em", "dos", "nossa", "você"],
  nl: ["en", "het", "een", "van", "voor", "met", "wij", "ons", "zijn", "op"],
  sv: ["och", "att", "för", "med", "som", "är", "vi", "av", "på", "våra"],
  pl: ["i", "w", "na", "z", "do", "się", "jest", "oraz", "dla", "nie"],
};
const SCRIPTS: readonly [RegExp, string][] = [
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, "ja"],
  [/\p{sc=Hangul}/gu, "ko"],
  [/\p{sc=Han}/gu, "zh"],
  [/[іїєґ]/giu, "uk"],
  [/\p{sc=Cyrillic}/gu, "ru"],
  [/\p{sc=Arabic}/gu, "ar"],
  [/\p{sc=Hebrew}/gu, "he"],
  [/\p{sc=Greek}/gu, "el"],
  [/\p{sc=Thai}/gu, "th"],
];

/** Notes the language of a page, and those of its translations. */
export function noteLanguages(page: Page, notes: Notes): void {
  const declared = declaredLanguage(page);
  if (declared) notes.add("languages", declared, "meta");
  for (const link of page.$('link[rel="alternate" i][hreflang]').toArray().slice(0, 100)) {
    const language = baseOf(link.attribs.hreflang ?? "");
    if (language) notes.add("languages", language, "meta");
  }
  const language = declared ? undefined : languageOf(page);
  if (language) notes.add("languages", language, "text");
}

function declaredLanguage(page: Page): string | undefined {
  return baseOf(page.attribute("html", "lang") ?? page.attribute("html", "xml:lang") ?? "");
}

/** Gives the language that a page declares, else that of its text. */
export function languageOf(page: Page): string | undefined {
  const head = [page.title, page.attribute('meta[name="description" i]', "content") ?? ""];
  const text = [...head, ...page.blocks.map((block) => block.text)].join(" ").slice(0, 20_000);
  return declaredLanguage(page) ?? languageOfText(text);
}

function baseOf(tag: string): string | undefined {
  const [base = ""] = tag.trim().toLowerCase().split(/[-_]/);
  return /^[a-z]{2,3}$/.test(base) ? base : undefined;
}

/** Guesses the language of a text by its script, or by its most frequent words; undefined for too little text. */
function languageOfText(text: string): string | undefined {
  const total = text.match(/\p{L}/gu)?.length ?? 0;
  if (total < 8) return undefined;
  const ofScript = SCRIPTS.find(([script]) => (text.match(script)?.length ?? 0) > total / 20);
  if (ofScript) return ofScript[1];
  const words = new Map<string, number>();
  for (const word of text.toLowerCase().split(/[^\p{L}]+/u)) words.set(word, (words.get(word) ?? 0) + 1);
  const counts = Object.entries(WORDS).map(([language, frequent]) => ({
    language,
    count: frequent.reduce((sum, word) => sum + (words.get(word) ?? 0), 0),
  }));
  const [best] = counts.toSorted((one, other) => other.count - one.count);
  return best && best.count >= 2 ? best.language : undefined;
}
