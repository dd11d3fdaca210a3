/**
 * The id of a document that is named after a text from outside: a step's name, an owner's uid. As in a URL, so that
 * people can read it. Escapes what an id may not hold or be
 * (https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields: a slash, `.`, `..`, `__this__`),
 * and `%`, so that no two names share one. A name of 128 characters gives at most 1,152 bytes; an id may have 1,500.
 */
export function documentIdOf(name: string): string {
  return encodeURIComponent(name).replace(/^\./, "%2E").replace(/^_/, "%5F");
}
