/**
 * Legal forms that stand behind a name, by the spelling that people use. Sources: the ISO 20275 list of entity legal
 * forms (https://www.gleif.org/en/about-lei/code-lists/iso-20275-entity-legal-forms-code-list), the usual ones of each
 * country.
 */
const FORMS_BEHIND = [
  ...[
    "GmbH & Co\\. ?KGa?A?",
    "AG & Co\\. ?KG",
    "gGmbH",
    "GmbH",
    "UG \\(haftungsbeschränkt\\)",
    "e\\. ?K\\.",
    "e\\. ?V\\.",
    "OHG",
    "KGaA",
  ],
  ...[
    "Pty\\.? Ltd\\.?",
    "Pvt\\.? Ltd\\.?",
    "Private Limited",
    "Co\\.,? ?Ltd\\.?",
    "Sdn\\.? Bhd\\.?",
    "Pte\\.? Ltd\\.?",
  ],
  ...[
    "Ltd\\.? Şti\\.?",
    "Limited Şirketi",
    "Anonim Şirketi",
    "A\\.Ş\\.",
    "Limited",
    "Ltd\\.?",
    "LLP",
    "plc",
    "PLC",
    "CIC",
  ],
  ...["L\\.L\\.C\\.", "LLC", "Incorporated", "Inc\\.?", "Corporation", "Corp\\.?", "L\\.?P\\.(?! ?A)", "PBC"],
  ...["S\\.A\\.R\\.L\\.", "SARL", "S\\.A\\.S\\.?U?\\.?", "SASU?", "EURL", "SCOP", "S\\.C\\.A\\."],
  ...["S\\.r\\.l\\.s?\\.?", "Srls?", "SRL", "S\\.p\\.A\\.", "SpA", "S\\.n\\.c\\.", "S\\.R\\.L\\."],
  ...[
    "S\\.L\\.U\\.",
    "S\\.L\\.L?\\.?",
    "SLU?",
    "S\\.A\\.U\\.",
    "S\\.A\\. de C\\.V\\.",
    "S\\.A\\.",
    "S/A",
    "Ltda\\.?",
    "Lda\\.?",
    "EIRELI",
    "ME(?=\\b)",
  ],
  ...["B\\.V\\.B\\.A\\.", "BVBA", "B\\.V\\.", "BV", "N\\.V\\.", "NV", "V\\.O\\.F\\.", "VOF"],
  ...["ASA", "AS", "A/S", "ApS", "AB", "Oyj?", "Ab", "hf\\.?", "ehf\\.?", "OÜ", "UAB", "SIA"],
  ...[
    "s\\. ?r\\. ?o\\.",
    "a\\. ?s\\.",
    "sp\\. ?z ?o\\. ?o\\.",
    "Sp\\. ?z ?o\\. ?o\\.",
    "S\\.K\\.A\\.",
    "d\\. ?o\\. ?o\\.",
    "d\\. ?d\\.",
    "Kft\\.?",
    "Zrt\\.?",
    "Nyrt\\.?",
    "Bt\\.",
  ],
  ...["AG", "SE", "KG", "SA", "AE", "EOOD", "ООД", "ЕООД", "Α\\.Ε\\.", "Ε\\.Π\\.Ε\\.", 'בע["״]מ'],
].join("|");

const WORD =
  "(?:[\\p{Lu}\\d][\\p{L}\\p{M}\\d'’.&+/-]*|&|\\+|und|and|et|y|e|i|de|del|della|di|da|do|du|des|van|von|der|den|the|of|en|la|le|les|für|för|og|och)";
const NAME_BEHIND = new RegExp(
  `(?<![\\p{L}\\d])(\\p{Lu}[\\p{L}\\p{M}\\d'’.&+/-]*(?: ${WORD}| \\p{Ll}[\\p{L}\\p{M}\\d-]*(?= (?:${FORMS_BEHIND})(?![\\p{L}\\d]))){0,6}?),? (?:${FORMS_BEHIND})(?![\\p{L}\\d])`,
  "gu",
);

const OTHER_FORMS: readonly RegExp[] = [
  /(?:ООО|ОАО|ЗАО|ПАО|АО|НАО|ТОО|ТОВ|ПрАТ|ІП|ИП|ЧУП|ОДО)\s?[«"“][^»"”]{2,60}[»"”]/gu,
  /(?:株式会社|有限会社|合同会社|合資会社|一般社団法人|医療法人)\s?[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ーA-Za-z0-9・&]{1,30}/gu,
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}ーA-Za-z0-9・&]{1,30}(?:株式会社|有限会社|合同会社)/gu,
  /[\p{sc=Han}A-Za-z0-9（）()]{2,30}(?:股份有限公司|有限责任公司|有限公司)/gu,
  /(?:주식회사|유한회사|\(주\)|㈜)\s?[\p{sc=Hangul}A-Za-z0-9]{1,30}/gu,
  /[\p{sc=Hangul}A-Za-z0-9]{1,30}(?:\s?주식회사|\(주\)|㈜)/gu,
];

/** Finds the names of companies with their legal forms in a text, in the order of the text. */
export function legalNamesIn(text: string): string[] {
  const behind = [...text.matchAll(NAME_BEHIND)].map(([whole, name = ""]) => ({ whole, name }));
  const usual = behind
    .filter(({ name }) => name.length >= 2 && name.length <= 80)
    .map(({ whole }) => withoutLabel(whole));
  const other = OTHER_FORMS.flatMap((form) => [...text.matchAll(form)].map(([whole]) => whole));
  return [...new Set([...other, ...usual])].filter((name) => name.length <= 100);
}

/** `Copyright Brightleaf, Inc.` is not a name, nor is `Titular: ...`. */
function withoutLabel(name: string): string {
  const year = "(?:19|20)\\d{2}(?:\\s?[-–]\\s?(?:19|20)\\d{2})?";
  return name
    .replace(
      new RegExp(
        `^(?:(?:Copyright|©|${year}|Copr\\.|By|The company|Company|Impressum|Imprint|Kontakt|Contact|Firma) )+`,
        "iu",
      ),
      "",
    )
    .trim();
}

const FORM_AT_END = new RegExp(`[,\\s]+(?:${FORMS_BEHIND})$`, "u");
const FORM_OF_OTHERS =
  /^(?:ООО|ОАО|ЗАО|ПАО|АО|ТОО|ИП)\s?|^(?:株式会社|有限会社|合同会社)\s?|(?:株式会社|有限会社|合同会社)$|^(?:주식회사|유한회사|\(주\)|㈜)\s?|(?:\s?주식회사|\(주\)|㈜)$/gu;

/** Gives the name without its legal form, as people say it. */
export function withoutLegalForm(name: string): string {
  const bare = name
    .replaceAll(FORM_OF_OTHERS, "")
    .replace(FORM_AT_END, "")
    .replaceAll(/^[«"“]|[»"”]$/g, "")
    .trim();
  return bare === "" ? name : bare;
}

/** True for two names of which one begins the other or holds its first long word; case and accents do not matter. */
export function isLikeName(one: string, other: string): boolean {
  const [a, b] = [letters(withoutLegalForm(one)), letters(withoutLegalForm(other))];
  if (a === "" || b === "") return false;
  if (a.startsWith(b) || b.startsWith(a)) return Math.min(a.length, b.length) >= 2;
  return a.length >= 4 && b.length >= 4 && (a.includes(b) || b.includes(a));
}

/** Gives the letters and digits of a name, without case and accents. */
export function letters(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("ß", "ss");
}
