const SYMBOLS: Readonly<Record<string, string>> = {
  ...{ $: "USD", US$: "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW" },
  ...{
    "₺": "TRY",
    "₴": "UAH",
    "₪": "ILS",
    R$: "BRL",
    A$: "AUD",
    C$: "CAD",
    CA$: "CAD",
    NZ$: "NZD",
    S$: "SGD",
    HK$: "HKD",
  },
  ...{ zł: "PLN", Kč: "CZK", 円: "JPY", 元: "CNY", руб: "RUB", Ft: "HUF" },
};
const CODES =
  "USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|RUB|UAH|ILS|BRL|MXN|KRW|SGD|HKD|ZAR|AED";
const SIGN = `US\\$|CA\\$|NZ\\$|HK\\$|[RACS]\\$|\\$|€|£|¥|￥|₹|₽|₩|₺|₴|₪|${CODES}`;
const SIGN_BEHIND = `€|£|₽|₺|₴|₪|zł|Kč|円|元|руб|Ft|${CODES}`;
const AMOUNT = "\\d{1,3}(?:[ .,'’\u00a0\u202f]\\d{3})+(?:[.,]\\d{1,2})?|\\d+(?:[.,]\\d{1,2})?";
const PRICE = new RegExp(
  `(?:(${SIGN})\\s?(${AMOUNT})(?![\\d%]))|(?:(?<![\\d.,])(${AMOUNT})\\s?(${SIGN_BEHIND})(?![\\p{L}\\d]))`,
  "u",
);

const PERIODS: readonly [RegExp, string][] = [
  [
    /(\/|per|a|pro|par|al|por|je|im|w)\s*(mo|month|monat|mois|mese|mes|mês|maand|miesiąc|mån|mies)|monthly|monatlich|mensuel|mensual|月/i,
    "month",
  ],
  [/(\/|per|a|pro|par|al|por|je|im)\s*(yr|year|jahr|an|anno|año|ano|jaar|rok|år)\b|annual|yearly|jährlich|年/i, "year"],
];

/** A price in a text. */
export interface FoundPrice {
  price: number;
  currency: string;
  period?: string;
}

/** Finds the first price in a text, with its period where the text names one. */
export function priceIn(text: string): FoundPrice | undefined {
  const [, sign, amount, amountBefore, signBehind] = PRICE.exec(text) ?? [];
  const mark = sign ?? signBehind;
  const price = priceOf(amount ?? amountBefore ?? "");
  if (mark === undefined || price === undefined) return undefined;
  const period = PERIODS.find(([pattern]) => pattern.test(text))?.[1];
  return { price, currency: SYMBOLS[mark] ?? mark, ...(period && { period }) };
}

/** Reads a number as people write it: `1,290.00`, `1.290,00`, `1 290`. Undefined for anything else. */
export function priceOf(text: string): number | undefined {
  const digits = text.replaceAll(/[\s'’\u00a0\u202f]/g, "");
  if (!/^\d[\d.,]*$/.test(digits)) return undefined;
  const decimals = /[.,](\d{1,2})$/.exec(digits)?.[1];
  const whole = digits.slice(0, decimals === undefined ? undefined : -decimals.length - 1).replaceAll(/[.,]/g, "");
  const price = Number(`${whole}.${decimals ?? 0}`);
  return Number.isFinite(price) ? price : undefined;
}
