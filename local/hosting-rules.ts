import { readFileSync } from "node:fs";
import { z } from "zod";
import { matchesGlob } from "./glob.ts";

const Rules = z.object({
  rewrites: z.array(z.object({ source: z.string(), destination: z.string().optional() })),
  headers: z.array(
    z.object({ source: z.string(), headers: z.array(z.object({ key: z.string(), value: z.string() })) }),
  ),
});

/**
 * The rules by which Firebase Hosting answers paths: the part of `hosting` in `firebase.json` that the local console
 * needs.
 */
export type HostingRules = z.infer<typeof Rules>;

/** Reads the rules of a `firebase.json`, so that the local console behaves as the deployed one. */
export function readHostingRules(path: string): HostingRules {
  const { hosting } = JSON.parse(readFileSync(path, "utf8"));
  return Rules.parse(hosting);
}

/**
 * Finds the file that answers `pathname` when there is no file of that name; undefined means 404. The first matching
 * rule wins.
 */
export function destinationOf({ rewrites }: HostingRules, pathname: string): string | undefined {
  return rewrites.find(({ source }) => matches(pathname, source))?.destination;
}

/** Collects the headers of the answer to `pathname`, by lower-case name. The last matching rule wins, as on Hosting. */
export function headersOf({ headers }: HostingRules, pathname: string): Record<string, string> {
  const matching = headers.filter(({ source }) => matches(pathname, source)).flatMap((rule) => rule.headers);
  return Object.fromEntries(matching.map(({ key, value }) => [key.toLowerCase(), value]));
}

/** Adds `origins` to those that the Content-Security-Policy lets the page connect to. */
export function allowConnections(rules: HostingRules, origins: readonly string[]): HostingRules {
  const widened = (value: string) => value.replace("connect-src", `connect-src ${origins.join(" ")}`);
  const headers = rules.headers.map((rule) => ({
    ...rule,
    headers: rule.headers.map(({ key, value }) => ({
      key,
      value: key.toLowerCase() === "content-security-policy" ? widened(value) : value,
    })),
  }));
  return { ...rules, headers };
}

function matches(pathname: string, source: string): boolean {
  return matchesGlob(pathname, source);
}
