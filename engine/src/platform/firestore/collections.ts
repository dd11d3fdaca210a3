/** The collections that Baton keeps. */
const OWN_COLLECTIONS: ReadonlySet<string> = new Set([
  "jobs",
  "results",
  "usage",
  "lanes",
  "cache",
  "endpoints",
  "deliveries",
  "notices",
  "recoveries",
  "paces",
  "deadLetters",
  "apiKeys",
  "erasures",
  "youtubeUnits",
  "webhookSecrets",
  "youtubeVideos",
]);

/** True for the name of a collection that Baton keeps. */
export function isOwnCollection(name: string): boolean {
  return OWN_COLLECTIONS.has(name);
}

/** Throws when a handler may not touch the document at `path`: it is one of Baton's own, below one of them, or no document's path. */
export function demandForeignDocument(path: string): void {
  const names = path.split("/");
  if (names.length % 2 !== 0 || names.includes("")) {
    throw new Error(`"${path}" is not the path of a document: collection and id, as in videos/abc.`);
  }
  const [collection = ""] = names;
  if (!isOwnCollection(collection)) return;
  throw new Error(`"${path}" is in a collection of Baton's own; keep your documents in another one.`);
}
