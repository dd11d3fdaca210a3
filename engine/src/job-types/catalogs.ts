import { JsonValue } from "@baton/protocol";
import { z } from "zod";

/**
 * Lists that an input chooses from, by name: `GET /v1/NAME` shows the entries. A catalog is data that clients may know
 * before they submit, such as the sizes or templates of a job type.
 */
export type Catalogs = Readonly<Record<string, readonly CatalogEntry[]>>;
export type CatalogEntry = Readonly<Record<string, JsonValue>>;

/** An entry as it is shown: with the job type that takes it. */
export interface ListedEntry extends CatalogEntry {
  readonly type: string;
}

/** Paths below `/v1` that the API has itself. */
export const RESERVED_PATHS: readonly string[] = [
  "data",
  "deliveries",
  "endpoints",
  "files",
  "jobs",
  "types",
  "usage",
  "webhook-secret",
];

const Entries = z.array(z.record(z.string(), JsonValue));

/** Throws when a catalog cannot be shown at its path, so that a deployment with it does not start. */
export function demandCatalogs(catalogs: Catalogs, of: string): void {
  for (const [name, entries] of Object.entries(catalogs)) {
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
      throw new Error(`${of}: "${name}" is not a name of a catalog: a-z, 0-9 and -.`);
    if (RESERVED_PATHS.includes(name)) throw new Error(`${of}: the API has /v1/${name} itself; rename the catalog.`);
    if (!Entries.safeParse(entries).success)
      throw new Error(`${of}: the catalog ${name} is not a list of JSON objects.`);
  }
}

/** The catalogs of all job types by name. Each entry says whose it is; types may add to one catalog. */
export function catalogsOf(
  types: Iterable<{ readonly type: string; readonly catalogs?: Catalogs }>,
): Map<string, ListedEntry[]> {
  const merged = new Map<string, ListedEntry[]>();
  for (const { type, catalogs = {} } of types) {
    for (const [name, entries] of Object.entries(catalogs)) {
      const own = entries.map((entry) => ({ ...entry, type }));
      merged.set(name, [...(merged.get(name) ?? []), ...own]);
    }
  }
  return merged;
}
