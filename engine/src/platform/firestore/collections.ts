/** Facts about one collection. */
interface CollectionFacts {
  /**
   * Its name, which is also that of its collection group. No app has one of this name: indexes and TTL policies go by
   * group.
   */
  readonly name: `baton${string}`;
  /** The collections whose documents it lies below; absent for one at the top. */
  readonly within?: readonly string[];
  /** Whose clients may read it, by the security rules. */
  readonly readers: "owner" | "owner-and-admin" | "none";
  /** True when each document has `expireAt`, after which Firestore's TTL policy deletes it. */
  readonly expires: boolean;
  /**
   * How an erasure of an owner treats it. `deleted`: by its field `owner`, or with the job or endpoint it is about.
   * `with-parent`: with the document it lies below. `by-key`: by an id that follows from the owner, or from a job.
   * `kept`: it names no owner.
   */
  readonly erasure: "deleted" | "with-parent" | "by-key" | "kept";
}

/**
 * The one list of the collections that Baton keeps. Rules, indexes, TTL policies, erasure and `infra/` are tested
 * against it.
 */
export const COLLECTION_FACTS = {
  jobs: { name: "batonJobs", readers: "owner-and-admin", expires: true, erasure: "deleted" },
  steps: { name: "batonSteps", within: ["batonJobs"], readers: "none", expires: true, erasure: "with-parent" },
  payloads: {
    name: "batonPayloads",
    within: ["batonJobs", "batonResults"],
    readers: "none",
    expires: true,
    erasure: "with-parent",
  },
  // Not by TTL: the sweep deletes the record of a file after its bytes.
  files: { name: "batonFiles", readers: "owner-and-admin", expires: false, erasure: "deleted" },
  results: { name: "batonResults", readers: "owner-and-admin", expires: true, erasure: "deleted" },
  usage: { name: "batonUsage", readers: "none", expires: true, erasure: "by-key" },
  lanes: { name: "batonLanes", readers: "none", expires: true, erasure: "deleted" },
  cache: { name: "batonCache", readers: "none", expires: true, erasure: "by-key" },
  deadLetters: { name: "batonDeadLetters", readers: "owner-and-admin", expires: true, erasure: "deleted" },
  endpoints: { name: "batonEndpoints", readers: "owner", expires: false, erasure: "deleted" },
  secrets: { name: "batonSecrets", within: ["batonEndpoints"], readers: "none", expires: true, erasure: "with-parent" },
  deliveries: { name: "batonDeliveries", readers: "owner", expires: true, erasure: "deleted" },
  attempts: {
    name: "batonAttempts",
    within: ["batonDeliveries"],
    readers: "owner",
    expires: true,
    erasure: "with-parent",
  },
  alerts: { name: "batonAlerts", readers: "owner", expires: true, erasure: "deleted" },
  recoveries: { name: "batonRecoveries", readers: "owner", expires: true, erasure: "deleted" },
  rateLimits: { name: "batonRateLimits", readers: "none", expires: true, erasure: "by-key" },
  ownerSecrets: { name: "batonOwnerSecrets", readers: "none", expires: false, erasure: "kept" },
  erasures: { name: "batonErasures", readers: "none", expires: true, erasure: "by-key" },
} as const satisfies Record<string, CollectionFacts>;

type Facts = typeof COLLECTION_FACTS;

/** The name of each collection. */
export const COLLECTIONS = Object.fromEntries(
  Object.entries(COLLECTION_FACTS).map(([key, { name }]) => [key, name]),
) as { readonly [Key in keyof Facts]: Facts[Key]["name"] };

/** The collections that may lie below the documents of `parent`. */
export function subcollectionsOf(parent: string): string[] {
  const all: readonly CollectionFacts[] = Object.values(COLLECTION_FACTS);
  return all.filter(({ within = [] }) => within.includes(parent)).map(({ name }) => name);
}

/** True for the name of a collection that Baton keeps, or may keep in a later release: `baton` and a capital letter. */
export function isOwnCollection(name: string): boolean {
  return /^baton[A-Z]/.test(name);
}

/**
 * Throws when a handler may not touch the document at `path`: it is one of Baton's own, below one of them, or no
 * document's path.
 */
export function demandForeignDocument(path: string): void {
  const names = path.split("/");
  if (names.length % 2 !== 0 || names.includes("")) {
    throw new Error(`"${path}" is not the path of a document: collection and id, as in orders/abc.`);
  }
  const [collection = ""] = names;
  if (!isOwnCollection(collection)) return;
  throw new Error(`"${path}" is in a collection of Baton's own; keep your documents in another one.`);
}
