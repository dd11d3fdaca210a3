import { type CountryCode, isSupportedCountry } from "libphonenumber-js";
import { getDomain, getPublicSuffix } from "tldts";
import type { Page } from "../../../web-pages/read/page.ts";
import { languageOf } from "./language.ts";

/** The country that most sites of a language are of, where the site itself does not say. English has no such country. */
const COUNTRY_OF_LANGUAGE: Readonly<Record<string, CountryCode>> = {
  ...{ bg: "BG", cs: "CZ", da: "DK", de: "DE", el: "GR", es: "ES", et: "EE", fi: "FI", fr: "FR", he: "IL", hr: "HR" },
  ...{ hu: "HU", hy: "AM", id: "ID", is: "IS", it: "IT", ja: "JP", ka: "GE", ko: "KR", lt: "LT", lv: "LV", nb: "NO" },
  ...{ nl: "NL", nn: "NO", no: "NO", pl: "PL", pt: "PT", ro: "RO", ru: "RU", sk: "SK", sl: "SI", sr: "RS", sv: "SE" },
  ...{ th: "TH", tr: "TR", uk: "UA", vi: "VN", zh: "CN" },
};

/** Country-code domains that mean something else, or are used as general ones. */
const GENERAL_SUFFIXES = new Set([
  "io",
  "co",
  "ai",
  "me",
  "tv",
  "eu",
  "fm",
  "gg",
  "ly",
  "to",
  "sh",
  "so",
  "cc",
  "ws",
  "vc",
  "app",
]);

/** Country names in English and in the country's own languages, by ISO code; made when it is first asked. */
let codes: Map<string, string> | undefined;

/** Gives the ISO 3166-1 alpha-2 code of a country that is given by code or name; undefined for an unknown one. */
export function countryCodeOf(text: string): string | undefined {
  const name = text.trim();
  if (/^[A-Za-z]{2}$/.test(name) && isSupportedCountry(name.toUpperCase())) return name.toUpperCase();
  codes ??= countryNames();
  return codes.get(name.toLowerCase());
}

const NAME_LANGUAGES = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "pt",
  "nl",
  "pl",
  "ru",
  "sv",
  "da",
  "nb",
  "fi",
  "cs",
  "tr",
  "ja",
  "zh",
  "ko",
  "ar",
];

function countryNames(): Map<string, string> {
  const known = new Map([
    ["usa", "US"],
    ["u.s.a.", "US"],
    ["uk", "GB"],
    ["england", "GB"],
    ["scotland", "GB"],
    ["wales", "GB"],
  ]);
  for (const language of NAME_LANGUAGES) {
    const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });
    for (let code = 0; code < 26 * 26; code++) {
      const region = String.fromCharCode(65 + Math.floor(code / 26), 65 + (code % 26));
      const name = isSupportedCountry(region) ? names.of(region) : undefined;
      if (name) known.set(name.toLowerCase(), region);
    }
  }
  return known;
}

/**
 * Guesses the country of a page, in which its numbers are dialled: the region of its language (`pt-BR`), the suffix of
 * its domain, what the site's first page said (`hint`), the language. Undefined where none of them tells.
 */
export function countryOf(page: Page, hint: string | undefined): CountryCode | undefined {
  const declared = page.attribute("html", "lang") ?? page.attribute('meta[property="og:locale"]', "content") ?? "";
  const [, region = ""] = declared.split(/[-_]/);
  const suffix = getPublicSuffix(page.url)?.split(".").at(-1) ?? "";
  const ofDomain = GENERAL_SUFFIXES.has(suffix) || !getDomain(page.url) ? "" : suffix.replace(/^uk$/, "gb");
  const candidates = [region, ofDomain, hint ?? ""].map((code) => code.toUpperCase());
  const found = candidates.find((code) => /^[A-Z]{2}$/.test(code) && isSupportedCountry(code));
  if (found && isSupportedCountry(found)) return found;
  return COUNTRY_OF_LANGUAGE[languageOf(page) ?? ""];
}
