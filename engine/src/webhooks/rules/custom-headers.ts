/**
 * The outcome of a check of custom headers. Allowed ones have lower-case names, sorted. `header` is the name of the
 * refused one, as it was given.
 */
export type CustomHeaders =
  | { outcome: "allowed"; headers: Record<string, string> }
  | { outcome: "refused"; header: string; message: string };

/** Names whose values HTTP or the sender sets: a second value would corrupt the request, or make Node refuse it. */
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

/** Prefixes of names that sign a webhook, or that a cloud's metadata server accepts as authentication. */
const RESERVED_PREFIXES = ["webhook-", "metadata-flavor", "x-goog", "x-aws-ec2-metadata-token"];

/**
 * Checks which custom headers a tenant may set on every request to an endpoint. Names are letters, digits, `-` and `_`,
 * and begin with a letter or digit; values are printable ASCII, so that no line can be added to the request. The schema
 * of the request limits their number and size. `message` is for the tenant.
 */
export function checkCustomHeaders(given: Readonly<Record<string, string>>): CustomHeaders {
  const headers = new Map<string, string>();
  for (const [header, value] of Object.entries(given)) {
    const name = header.toLowerCase();
    const problem = headers.has(name) ? "It is given twice." : (nameProblem(name) ?? valueProblem(value));
    if (problem) return { outcome: "refused", header, message: problem };
    headers.set(name, value);
  }
  return { outcome: "allowed", headers: Object.fromEntries([...headers].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function nameProblem(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) return "A header's name consists of letters, digits, - and _.";
  const isReserved = RESERVED.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));
  return isReserved ? "This header cannot be set: the sender or the network gives it its value." : undefined;
}

function valueProblem(value: string): string | undefined {
  if (!/^[ -~]+$/.test(value)) return "A header's value consists of printable ASCII characters, at least one.";
  return value.trim() === value ? undefined : "A header's value begins and ends without a space.";
}
