import type { CountryCode } from "libphonenumber-js/max";
import { findPhoneNumbersInText } from "libphonenumber-js/max";
import { oneLine, type Page } from "../../../web-pages/read/page.ts";
import type { Notes } from "../facts.ts";
import { decodedCloudflareEmail, emailsIn, phoneOf, westernDigits } from "./contact-values.ts";

const LABEL =
  /(tel|phone|call|mobil|gsm|fon|ruf|hotline|t[ée]l[ée]fono?|cell|puh|tlf|tfn|тел|моб|звон|電話|电话|電話番号|전화|هاتف|טלפון|τηλ|โทร|điện thoại|☎|📞|\bT)[^\d+(]{0,25}$/iu;
const OTHER_LABEL =
  /(fax|telefaks|факс|ファックス|传真|팩스|isbn|issn|vat|ust|iva|nif|cif|siren|siret|rcs|hrb|hra|kvk|cnpj|cpf|инн|огрн|кпп|окпо|org\.?\s?nr|orgnr|cvr|abn|acn|company (no|number|reg)|reg(istration)?\.? ?n|order|invoice|iban|bic|account|konto|no\.|nr\.|№|#|id)[^\d+(]{0,20}$/iu;

/** Notes e-mail addresses and phone numbers of links and visible text. `countries`: where national numbers are dialled. */
export function noteContacts(page: Page, notes: Notes, countries: readonly (CountryCode | undefined)[]): void {
  noteLinks(page, notes, countries);
  for (const { text } of page.blocks) for (const email of emailsIn(text)) notes.add("emails", email, "text");
  for (const text of textsWithNumbers(page)) {
    for (const phone of phonesIn(text, countries)) notes.add("phones", phone, "text");
  }
}

/** Texts and characters of each in which numbers are searched: the search costs some 10 µs a character. */
const MAX_TEXTS = 100;
const MAX_CHARACTERS = 800;

/** Lists the texts with a run of digits; those of the footer and those that speak of phones come first. */
function textsWithNumbers({ blocks }: Page): string[] {
  const found = blocks.flatMap(({ text, area }) => {
    const digits = westernDigits(text);
    const at = /[+(]?\d[\d\s()./-]{5,}\d/.exec(digits)?.index;
    if (at === undefined) return [];
    const start = Math.max(0, Math.min(at - 60, digits.length - MAX_CHARACTERS));
    const isLikely = area === "footer" || LABEL.test(digits.slice(0, at)) || digits[at] === "+";
    return [{ text: digits.slice(start, start + MAX_CHARACTERS), isLikely }];
  });
  const sorted = found.toSorted((one, other) => Number(other.isLikely) - Number(one.isLikely));
  return sorted.slice(0, MAX_TEXTS).map(({ text }) => text);
}

function noteLinks({ $ }: Page, notes: Notes, countries: readonly (CountryCode | undefined)[]): void {
  for (const link of $('a[href^="mailto:" i], a[href^="tel:" i], [data-cfemail], a[href*="/email-protection#"]')
    .toArray()
    .slice(0, 500)) {
    const { href = "", "data-cfemail": hidden = href.split("/email-protection#")[1] } = link.attribs;
    if (hidden !== undefined) {
      const email = decodedCloudflareEmail(hidden);
      if (email) notes.add("emails", email, "text");
    } else if (/^mailto:/i.test(href)) {
      for (const email of emailsIn(decodedUri(href).split("?")[0] ?? "")) notes.add("emails", email, "text");
    } else if (!isFax(oneLine($(link).parent().text().slice(0, 300)), $(link).text())) {
      const phone = phoneOf(decodedUri(href), countries);
      if (phone) notes.add("phones", phone, "text");
    }
  }
}

function isFax(around: string, own: string): boolean {
  const before = around.slice(0, Math.max(0, around.indexOf(oneLine(own))));
  return /fax\W*$/i.test(before) || /fax/i.test(own);
}

function decodedUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: the text as it stands.
    return text;
  }
}

/** Finds the phone numbers in a text with Western digits. One in national form needs a label, or the form of one. */
function phonesIn(text: string, countries: readonly (CountryCode | undefined)[]): string[] {
  if (!/\d.{3,}\d/.test(text)) return [];
  const found = new Map<number, string>();
  for (const country of new Set(countries)) {
    for (const { number, startsAt, endsAt } of findPhoneNumbersInText(
      text,
      country ? { defaultCountry: country } : undefined,
    )) {
      const written = text.slice(startsAt, endsAt);
      const before = text.slice(Math.max(0, startsAt - 40), startsAt);
      if (found.has(startsAt) || OTHER_LABEL.test(before) || !number.isValid()) continue;
      if (LABEL.test(before) || hasForm(written, before)) found.set(startsAt, number.number);
    }
  }
  return [...found.values()];
}

/** True for what is written as nothing but a phone number is: `+44 ...`, `(937) 555-2368`, `020 7946 0991`. */
function hasForm(written: string, before: string): boolean {
  if (written.startsWith("+")) return true;
  if (/[\d.,:/-]\s?$/.test(before)) return false;
  return (
    /^\(\d{2,5}\)\s?[\d\s-]+$/.test(written) ||
    /^0\d{1,5}[\s/()-]+[\d\s/()-]+$/.test(written) ||
    /^(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}$/.test(written)
  );
}
