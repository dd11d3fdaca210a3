import bcd from "@mdn/browser-compat-data" with { type: "json" };
import type { Identifier, SupportStatement } from "@mdn/browser-compat-data";
import type { Page } from "playwright-core";

/** The oldest browsers that Baton supports, as the README lists them. */
const OLDEST = { chrome: 111, edge: 111, firefox: 115, safari: 16.4 };

/** An interface or a global object; with a name, its member. */
type Feature = [owner: string, name?: string];

const STATIC = "_static";

/**
 * Takes every interface, method and property that one of the oldest supported browsers lacks from the pages of `page`,
 * before their scripts run. A script that needs one fails there as it does in that browser. Syntax and CSS stay those
 * of the real browser.
 */
export async function makeBrowserOld(page: Page): Promise<void> {
  await page.addInitScript(`
    for (const [owner, name] of ${JSON.stringify(newerFeatures())}) {
      if (name === undefined) delete globalThis[owner];
      else if (owner === "Window") delete globalThis[name];
      else if (name.endsWith("${STATIC}")) delete globalThis[owner]?.[name.slice(0, -${STATIC.length})];
      else {
        // Static functions of the language carry no mark.
        delete globalThis[owner]?.prototype?.[name];
        delete globalThis[owner]?.[name];
      }
    }`);
}

/** Lists the features that one of the oldest supported browsers lacks, by MDN's data. */
function newerFeatures(): Feature[] {
  const owners = [...partsOf(bcd.api), ...partsOf(bcd.javascript.builtins ?? {})];
  return owners.flatMap(([owner, feature]): Feature[] => {
    if (isNewer(feature)) return [[owner]];
    const names = partsOf(feature).filter(([name, member]) => name !== owner && isNewer(member));
    return names.map(([name]) => [owner, name]);
  });
}

function partsOf(feature: Identifier): [string, Identifier][] {
  return Object.entries(feature).filter((part): part is [string, Identifier] => part[0] !== "__compat");
}

function isNewer({ __compat }: Identifier): boolean {
  const support = __compat?.support;
  if (!support) return false;
  return Object.entries(OLDEST).some(
    ([browser, oldest]) => addedIn(Object.entries(support).find(([name]) => name === browser)?.[1]) > oldest,
  );
}

/** The first version that has a feature by its own name and without a setting; Infinity when there is none. */
function addedIn(support: SupportStatement | undefined): number {
  const plain = [support ?? []].flat().filter((one) => !one.flags && !one.prefix && !one.alternative_name);
  const versions = plain.map(({ version_added, version_removed }) =>
    version_removed ? Number.POSITIVE_INFINITY : versionOf(version_added),
  );
  return Math.min(...versions);
}

function versionOf(added: unknown): number {
  const version = Number.parseFloat(String(added).replace("≤", ""));
  return Number.isNaN(version) ? Number.POSITIVE_INFINITY : version;
}
