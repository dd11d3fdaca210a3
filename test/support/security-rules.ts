/** The right to read the documents of one collection, by the security rules. */
export interface ReadRule {
  /** Path of the collection, without the ids of documents: `batonDeliveries/batonAttempts`. */
  collections: string;
  /** The condition of `allow read`, without spaces at its ends. */
  condition: string;
}

const TOKENS = /match\s+(\/\S+)\s*\{|allow\s+([\w\s,]+):\s*if\s+([^;]+);|function\s+\w+\(\)\s*\{|\{|\}/g;

/**
 * Reads the `match` blocks of a rules file. Throws when a block allows a write, allows `get` or `list` alone, or covers
 * more than one collection.
 */
export function readRulesOf(rules: string): ReadRule[] {
  const found: ReadRule[] = [];
  const path: (string | undefined)[] = [];
  const code = rules.replaceAll(/\/\/.*/g, "");
  for (const [token, match, methods, condition] of code.matchAll(TOKENS)) {
    if (token === "}") path.pop();
    else if (methods === undefined) path.push(match);
    else if (condition?.trim() !== "false") found.push(ruleOf(path, methods.trim(), condition?.trim() ?? ""));
  }
  if (path.length > 0) throw new Error("The blocks of the rules are not closed.");
  return found;
}

function ruleOf(path: readonly (string | undefined)[], methods: string, condition: string): ReadRule {
  if (methods !== "read") throw new Error(`The rules allow "${methods}"; clients only read.`);
  const matches = path.filter((part) => part !== undefined && !part.startsWith("/databases/"));
  const collections = matches.map((part) => {
    const collection = /^\/(\w+)\/\{\w+\}$/.exec(part ?? "")?.[1];
    if (collection === undefined) throw new Error(`The rules match "${part}"; a block covers one collection.`);
    return collection;
  });
  return { collections: collections.join("/"), condition };
}
