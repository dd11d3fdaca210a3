import { isLikeName, letters, withoutLegalForm } from "../read/legal-name.ts";

/** A company that files with the SEC. */
export interface Filer {
  cik: number;
  ticker: string;
  title: string;
}

/** The site's own facts about the company. */
export interface CompanyNames {
  name?: string | undefined;
  legalName?: string | undefined;
  ticker?: { symbol: string; exchange?: string | undefined } | undefined;
}

const US_EXCHANGES = /^(NASDAQ|NYSE|AMEX|CBOE|OTC)/i;

/**
 * Finds the filer that a site belongs to: by the ticker of an exchange in the US, if the names are alike; else by a
 * name that is the same but for signs and the legal form, and that one filer only has. Undefined in doubt: a profile
 * without figures is better than one with those of another company.
 */
export function matchFiler(filers: readonly Filer[], { name, legalName, ticker }: CompanyNames): Filer | undefined {
  const names = [legalName, name].flatMap((known) => known ?? []);
  if (ticker && (ticker.exchange === undefined || US_EXCHANGES.test(ticker.exchange))) {
    const symbol = ticker.symbol.replace(".", "-").toUpperCase();
    const byTicker = filers.find((filer) => filer.ticker.toUpperCase() === symbol);
    if (byTicker && names.some((known) => isLikeName(known, plainTitle(byTicker.title)))) return byTicker;
  }
  const wanted = new Set(names.map((known) => keyOf(known)).filter((key) => key.length >= 4));
  const same = filers.filter(({ title }) => wanted.has(keyOf(plainTitle(title))));
  const ciks = new Set(same.map(({ cik }) => cik));
  // Several entries of one company are its classes of shares.
  const isCertain = legalName !== undefined || ticker !== undefined;
  return ciks.size === 1 && isCertain ? same[0] : undefined;
}

/** EDGAR writes titles in capitals, with a state behind some: `ACME CORP /DE/`. */
function plainTitle(title: string): string {
  return title.replace(/\s*\/[A-Z. ]{2,12}\/?\s*$/i, "").trim();
}

const FORM_WORDS =
  /\b(incorporated|inc|corporation|corp|company|co|limited|ltd|plc|llc|holdings?|group|the|sa|nv|ag|se)\b/gi;

function keyOf(name: string): string {
  const plain = letters(withoutLegalForm(name).replaceAll(/[.,]/g, "").replaceAll(FORM_WORDS, " "));
  return plain === "" ? letters(name) : plain;
}
