import type { Page, TextBlock } from "../../../web-pages/read/page.ts";
import type { Address, Notes } from "../facts.ts";

const CITY =
  "(?<locality>\\p{Lu}[\\p{L}\\p{M}'’.-]+(?:[ -](?:\\p{Lu}[\\p{L}\\p{M}'’.-]+|am|an der|im|de|del|la|les|sur|sous|upon|en|di|bei|ob|i))*)";

interface PostalForm {
  pattern: RegExp;
  /** Absent: the country of the page, if any. */
  country?: string;
  /** True where digits alone could be anything: a street with a number has to stand beside it. */
  needsStreet: boolean;
}

const form = (pattern: string, country?: string, needsStreet = false): PostalForm => ({
  pattern: new RegExp(`(?<![\\p{L}\\d.,-])${pattern}`, "u"),
  ...(country && { country }),
  needsStreet,
});

const STATE_NAMES =
  "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|" +
  "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|" +
  "Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|" +
  "Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|" +
  "West Virginia|Wisconsin|Wyoming";
const STATES =
  "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]";

/** How postal codes and localities stand beside each other, the unmistakable forms first (UPU, Postal addressing systems). */
const FORMS: readonly PostalForm[] = [
  form("〒\\s?(?<code>\\d{3}-\\d{4})", "JP"),
  form(`${CITY},?\\s(?<region>${STATES}|${STATE_NAMES}),?\\s(?<code>\\d{5}(?:-\\d{4})?)(?!\\d)`, "US"),
  form(`${CITY},?\\s(?<region>[A-Z]{2}),?\\s(?<code>[ABCEGHJ-NPRSTVXY]\\d[A-Z] ?\\d[A-Z]\\d)(?![\\p{L}\\d])`, "CA"),
  form(`(?:${CITY},?\\s)?(?<code>[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2})(?![\\p{L}\\d])`, "GB"),
  form(`(?<code>\\d{4} ?[A-Z]{2})\\s{1,2}${CITY}`, "NL"),
  form(`${CITY}\\s(?<region>NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\\s(?<code>\\d{4})(?!\\d)`, "AU"),
  form("(?:CEP:?\\s?)?(?<code>\\d{5}-\\d{3})(?![\\d/-])", "BR"),
  form(`(?<code>\\d{2}-\\d{3})\\s${CITY}`, "PL"),
  form(`(?<code>\\d{4}-\\d{3})\\s${CITY}`, "PT"),
  form(`(?<country>D|A|CH|F|I|B|L|DK|N|S|E|NL|FIN|FL)[-–](?<code>\\d{4,5})\\s${CITY}`),
  form("(?<code>\\d{6}),?\\s(?:Россия,?\\s)?(?:г\\.?\\s?)?(?<locality>\\p{Lu}[\\p{L}-]+)", "RU"),
  form(`${CITY}[\\s,–-]+(?<code>[1-8]\\d{2} ?\\d{3})(?!\\d),?\\s(?:\\p{Lu}[\\p{L} ]+,\\s)?India`, "IN"),
  form("\\((?<code>\\d{5})\\)(?=.*)", "KR", true),
  form(`(?<code>\\d{3} \\d{2})\\s${CITY}`, undefined, false),
  form(`(?<code>\\d{5})\\s${CITY}`, undefined, true),
  form(`(?<code>\\d{4})\\s${CITY}`, undefined, true),
];

const PREFIXES: Readonly<Record<string, string>> = {
  ...{
    D: "DE",
    A: "AT",
    CH: "CH",
    F: "FR",
    I: "IT",
    B: "BE",
    L: "LU",
    DK: "DK",
    N: "NO",
    S: "SE",
    E: "ES",
    NL: "NL",
    FIN: "FI",
    FL: "LI",
  },
};
/** Countries whose codes are written in two groups of digits. */
const GROUPED = new Set(["SE", "CZ", "SK", "GR"]);
/** Whose address it is not: a host's, a register's, an authority's. */
const OTHERS =
  /h[ée]berg|hosting|hosted by|hoster|aufsichtsbehörde|supervisory|ombuds|verbraucherschlichtung|registergericht/i;
const STREET =
  /\p{L}{3,}[\p{L}.’' -]*\s\d{1,5}\s?[a-zA-Z]?(?![\d\p{L}])|^\d{1,5}[,\s]+(?:bis\s)?\p{L}[\p{L}.’' -]{2,}|,\s?\d{1,5}$|\p{sc=Hangul}+(로|길)\s?\d+/u;
const MAX_LINE = 300;

/** Notes the postal addresses in the visible text: a postal code with its locality, and the street beside it. */
export function noteAddresses(page: Page, notes: Notes, country: string | undefined): void {
  const seen = new Set<string>();
  let isOthers = false;
  for (const [place, block] of page.blocks.entries()) {
    if (/^h\d$|^dt$/.test(block.tag)) isOthers = false;
    if (OTHERS.test(block.text)) isOthers = true;
    const address = isOthers
      ? undefined
      : addressIn(block.text, page.blocks.slice(Math.max(0, place - 2), place), country);
    if (!address || seen.has(address.postalCode ?? "")) continue;
    seen.add(address.postalCode ?? "");
    notes.add("addresses", address, "text");
  }
}

function addressIn(text: string, before: readonly TextBlock[], country: string | undefined): Address | undefined {
  if (text.length > 1500 || !/\d{2}/.test(text)) return undefined;
  for (const { pattern, country: ofForm, needsStreet } of FORMS) {
    const match = pattern.exec(text);
    const { code, locality, region, country: prefix } = match?.groups ?? {};
    if (!match || code === undefined) continue;
    const where = ofForm ?? PREFIXES[prefix ?? ""] ?? country;
    const isGrouped = /^\d{3} \d{2}$/.test(code);
    if (isGrouped && !GROUPED.has(where ?? "")) continue;
    const street = streetBeside(text, match.index, before);
    if (needsStreet && !street) continue;
    const line = [street, text.slice(match.index, match.index + match[0].length)].filter(Boolean).join(", ");
    return {
      text: (where === "JP" || where === "RU" || where === "BR" ? text.slice(match.index) : line).slice(0, MAX_LINE),
      ...(street && { street }),
      ...(locality && { locality: locality.replace(/[,.]$/, "") }),
      ...(region && { region }),
      postalCode: code,
      ...(where && { country: where }),
    };
  }
  return undefined;
}

/** Finds the street: before the code on the same line, else on one of the two lines above. */
function streetBeside(text: string, end: number, before: readonly TextBlock[]): string | undefined {
  const same = text.slice(0, end).replace(/[\s,;|–·-]+$/, "");
  const parts = same.split(/\s[-–|·]\s|[|·]|:\s/);
  const own = (parts.at(-1) ?? "").trim();
  const lines = [own, ...before.map((block) => block.text).toReversed()];
  const street = lines.find(
    (line) => line.length >= 4 && line.length <= 120 && STREET.test(line) && !/tel|fax|phone|@/i.test(line),
  );
  if (street === undefined) return undefined;
  const lastPart = street.split(/,\s(?=\p{Lu}[\p{L}.’' -]+\s?\d+)/u).at(-1);
  return (lastPart ?? street).replace(/[,\s]+$/, "");
}
