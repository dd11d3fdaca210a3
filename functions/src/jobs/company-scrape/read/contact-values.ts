import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";

const EMAIL =
  /(?<![\w.+-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}(?![\w-])/gi;
/** Addresses that stand in forms as an example, and those of tools within pages. */
const PLACEHOLDER =
  /@(example\.(com|org|net)|(your-?|my)?(domain|email|company|site|mail)\.(com|org|net|de|fr)|.*\.?sentry\.io|sentry-next\.wixpress\.com|.*wixpress\.com|test\.com|localhost)$|^(you|your\.?name|name|user|username|john\.?doe|jane\.?doe|mustermann|max\.mustermann|vorname\.nachname)@/i;
const FILE = /\.(png|jpe?g|gif|svg|webp|avif|css|js|mjs|ico|woff2?)$/i;

/** Gives the first e-mail address in a text or a `mailto:` link, in lower case; undefined when there is none. */
export function emailIn(text: string): string | undefined {
  return emailsIn(text)[0];
}

/** Gives all e-mail addresses in a text, also those that are written out (`name [at] host [dot] org`). */
export function emailsIn(text: string): string[] {
  const plain = text
    .replace(/^mailto:/i, "")
    .replaceAll(/\s*[[({<]\s*(?:at|ät|arroba|chez|@)\s*[\])}>]\s*/gi, "@")
    .replaceAll(/\s*[[({<]\s*(?:dot|punkt|point|punto|\.)\s*[\])}>]\s*/gi, ".");
  const found = (plain.match(EMAIL) ?? []).map((email) => email.toLowerCase());
  return [...new Set(found)].filter((email) => !PLACEHOLDER.test(email) && !FILE.test(email));
}

/** Decodes an address that Cloudflare hides from robots: hexadecimal bytes, each mixed with the first one. */
export function decodedCloudflareEmail(code: string): string | undefined {
  const bytes = (code.match(/[0-9a-f]{2}/gi) ?? []).map((byte) => Number.parseInt(byte, 16));
  const [key = 0, ...hidden] = bytes;
  return emailIn(String.fromCharCode(...hidden.slice(0, 200).map((byte) => byte ^ key)));
}

/**
 * Reads a phone number as E.164. One in national form is read by the first of `countries` in which it is a valid
 * number. Undefined when it is none, and for numbers that reach no office: pagers, short codes.
 */
export function phoneOf(text: string, countries: readonly (string | undefined)[]): string | undefined {
  const digits = westernDigits(text.replace(/^tel:/i, "").replace(/\(0\)/, ""));
  const normal = digits.trim().replace(/^00(?=[1-9])/, "+");
  if (normal.length > 40 || !/\d/.test(normal)) return undefined;
  for (const country of normal.startsWith("+") ? [undefined] : countries) {
    if (country !== undefined && !isCountry(country)) continue;
    const phone = parsePhoneNumberFromString(normal, { ...(country && { defaultCountry: country }), extract: false });
    if (phone?.isValid()) return phone.number;
  }
  return undefined;
}

function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code);
}

/** Digits of Arabic, Persian and full-width scripts as 0 to 9. */
export function westernDigits(text: string): string {
  return text
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => String((digit.charCodeAt(0) - 0x30) & 0x0f))
    .replaceAll(/[－‐‑‒–—―]/g, "-")
    .replaceAll("＋", "+");
}
