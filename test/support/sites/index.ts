import { CHARSET_SITES } from "./made/charsets.ts";
import { HABIT_SITES } from "./made/habits.ts";
import { HELD_OUT_SITES } from "./made/held-out.ts";
import { LANGUAGE_SITES } from "./made/languages.ts";
import { MARKUP_SITES } from "./made/markup.ts";
import { SHOP_SITES } from "./made/shops.ts";
import { STRUCTURED_SITES } from "./made/structured.ts";
import type { MadeSite } from "./made-site.ts";

/** All made sites. */
export const MADE_SITES: readonly MadeSite[] = [
  ...STRUCTURED_SITES,
  ...LANGUAGE_SITES,
  ...CHARSET_SITES,
  ...MARKUP_SITES,
  ...SHOP_SITES,
  ...HABIT_SITES,
  ...HELD_OUT_SITES,
];
