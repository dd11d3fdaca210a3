import { Refusal } from "../refusal.ts";
import type { Edit } from "./edit.ts";
import { appendJson, parseJson, removeJson, setJson } from "./json-text.ts";
import { type IndexEntry, IndexesFile, isOwnGroup, ownIndexes } from "./own-texts.ts";

const LISTS = ["indexes", "fieldOverrides"] as const;

/** Adds the indexes, exemptions and TTL policies of Baton's collections to `firestore.indexes.json`. */
export function indexesEdit(path: string): Edit {
  return {
    path,
    add: (text) => LISTS.reduce((json, list) => withEntries(json, path, list), text),
    remove: (text) => LISTS.reduce((json, list) => withoutEntries(json, path, list), text),
  };
}

/** The entries of this release that a file does not have, or has otherwise. */
export function missingEntries(text: string, path: string): { indexes: IndexEntry[]; fieldOverrides: IndexEntry[] } {
  const file = readIndexes(text, path);
  const own = ownIndexes();
  const missing = (list: (typeof LISTS)[number]) => {
    const known = new Set((file[list] ?? []).map(contentOf));
    return own[list].filter((entry) => !known.has(contentOf(entry)));
  };
  return { indexes: missing("indexes"), fieldOverrides: missing("fieldOverrides") };
}

function withEntries(text: string, path: string, list: (typeof LISTS)[number]): string {
  const missing = missingEntries(text, path)[list];
  const existing = readIndexes(text, path)[list] ?? [];
  const rest: IndexEntry[] = [];
  let json = text;
  for (const entry of missing) {
    // A field has one exemption: one of an earlier release, or of another kind, gives way.
    const place = list === "fieldOverrides" ? existing.findIndex((each) => sameField(each, entry)) : -1;
    if (place < 0) rest.push(entry);
    else json = setJson(json, [list, place], entry);
  }
  return appendJson(json, [list], rest);
}

function withoutEntries(text: string, path: string, list: (typeof LISTS)[number]): string {
  const entries = readIndexes(text, path)[list] ?? [];
  const own = entries.flatMap(({ collectionGroup }, i) => (isOwnGroup(collectionGroup) ? [i] : []));
  return removeJson(text, [list], own);
}

function readIndexes(text: string, path: string): IndexesFile {
  const parsed = IndexesFile.safeParse(parseJson(text)?.value);
  if (parsed.success) return parsed.data;
  const message = `${path} is no file of indexes. Write { "indexes": [], "fieldOverrides": [] } into it, or repair it.`;
  throw new Refusal("indexes-unreadable", message, { byHand: JSON.stringify(ownIndexes(), null, 2) });
}
function sameField(a: IndexEntry, b: IndexEntry): boolean {
  return a.collectionGroup === b.collectionGroup && a.fieldPath === b.fieldPath;
}

/** An entry in one form, for comparing: names sorted, without what the Firebase CLI adds (density, `__name__`). */
function contentOf({ collectionGroup, queryScope, fieldPath, ttl, fields, ...rest }: IndexEntry): string {
  const named = (fields ?? []).filter((field) => field.fieldPath !== "__name__").map(sorted);
  const indexes = "indexes" in rest ? JSON.stringify(rest.indexes) : "";
  return JSON.stringify([collectionGroup, queryScope, fieldPath, ttl ?? false, named, indexes]);
}

function sorted(field: Record<string, unknown>): unknown {
  return Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1));
}
