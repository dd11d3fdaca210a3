/** What became of the custom headers of an endpoint: allowed ones have lower-case names, sorted; `header` is the one to change, as it was given. */
export type CustomHeaders =
  | { outcome: "allowed"; headers: Record<string, string> }
  | { outcome: "refused"; header?: string; message: string };

const MAX_HEADERS = 20;
const MAX_NAME_CHARACTERS = 64;
const MAX_VALUE_CHARACTERS = 4096;

/** Names and values together: many servers refuse requests whose headers pass 8 KiB, and some are ours. */
const MAX_ALL_CHARACTERS = 6000;

/** Names that HTTP itself, or the sender, gives their values: a second one would bend the request, or be refused on the way out. */
const RESERVED = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "keep-alive",
  "proxy-connection",
  "upgrade",
  "expect",
  "te",
  "trailer",
  "content-type",
  "content-encoding",
  "accept-encoding",
  "user-agent",
]);

/** Beginnings of the names that sign a webhook, or that a cloud's metadata server takes for a proof of who asks. */
const RESERVED_BEGINNINGS = ["webhook-", "metadata-flavor", "x-goog", "x-aws-ec2-metadata-token"];

/**
 * Judges the headers that a tenant wants on every request to an endpoint. Names are letters, digits, `-` and `_`, and begin
 * with a letter or digit; values are printable ASCII, so that no line can be added to the request. At most 20 headers, and
 * 6,000 characters in all. `message` is for the tenant.
 */
export function judgeCustomHeaders(given: Readonly<Record<string, string>>): CustomHeaders {
  const entries = Object.entries(given);
  if (entries.length > MAX_HEADERS) return refused(undefined, `An endpoint has at most ${MAX_HEADERS} custom headers.`);
  const headers = new Map<string, string>();
  let characters = 0;
  for (const [header, value] of entries) {
    const name = header.toLowerCase();
    const problem = headers.has(name) ? "It is given twice." : (nameProblem(name) ?? valueProblem(value));
    if (problem) return refused(header, problem);
    headers.set(name, value);
    characters += name.length + value.length;
  }
  if (characters > MAX_ALL_CHARACTERS) {
    return refused(
      undefined,
      `Custom headers have at most ${MAX_ALL_CHARACTERS} characters, names and values together.`,
    );
  }
  return { outcome: "allowed", headers: Object.fromEntries([...headers].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function nameProblem(name: string): string | undefined {
  if (name.length > MAX_NAME_CHARACTERS) return `A header's name has at most ${MAX_NAME_CHARACTERS} characters.`;
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) return "A header's name consists of letters, digits, - and _.";
  const isReserved = RESERVED.has(name) || RESERVED_BEGINNINGS.some((beginning) => name.startsWith(beginning));
  return isReserved ? "This header cannot be set: the sender or the network gives it its value." : undefined;
}

function valueProblem(value: string): string | undefined {
  if (value.length > MAX_VALUE_CHARACTERS) return `A header's value has at most ${MAX_VALUE_CHARACTERS} characters.`;
  if (!/^[ -~]+$/.test(value)) return "A header's value consists of printable ASCII characters, at least one.";
  return value.trim() === value ? undefined : "A header's value begins and ends without a space.";
}

function refused(header: string | undefined, message: string): CustomHeaders {
  return { outcome: "refused", ...(header !== undefined && { header }), message };
}
