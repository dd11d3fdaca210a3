/**
 * Headers of a request: `Headers` of any library, Node's `IncomingHttpHeaders`, pairs, or an object in any letter case.
 */
export type WebhookHeaders =
  | Headers
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Gives headers by lower-case name, without repeated ones: none of the values can be trusted over the others. */
export function plainHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== "object" || headers === null) return {};
  const values = new Map<string, unknown[]>();
  for (const [name, value] of entriesOf(headers)) {
    const key = name.toLowerCase();
    if (value !== undefined) values.set(key, [...(values.get(key) ?? []), ...(Array.isArray(value) ? value : [value])]);
  }
  return Object.fromEntries(
    [...values].flatMap(([name, [value, ...more]]) =>
      more.length === 0 && (typeof value === "string" || typeof value === "number") ? [[name, String(value)]] : [],
    ),
  );
}

function entriesOf(headers: object): [string, unknown][] {
  if (!(Symbol.iterator in headers)) return Object.entries(headers);
  const pairs: unknown[] = Array.from(headers as Iterable<unknown>);
  return pairs.flatMap((pair) => (Array.isArray(pair) && typeof pair[0] === "string" ? [[pair[0], pair[1]]] : []));
}

/** Gives the body as the signed text; undefined when it is neither text nor bytes, or not UTF-8. */
export function textOfBody(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  if (!(body instanceof ArrayBuffer || ArrayBuffer.isView(body))) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
