import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ConsoleSite } from "./cloud-options.ts";
import { readHostingRules } from "./hosting-rules.ts";

/**
 * Finds the console that comes with this program: in the package its folder `console`, in this repository the one that
 * `npm run build` makes. Its `firebase.json` says how Hosting answers paths.
 */
export function consoleSite(): ConsoleSite {
  const here = import.meta.dirname;
  const shipped = join(here, "console");
  const [folder, rules] = existsSync(shipped)
    ? [join(shipped, "site"), join(shipped, "firebase.json")]
    : [join(here, "..", "web", "dist"), join(here, "..", "firebase.json")];
  return { folder, rules: readHostingRules(rules) };
}
