/** Headers that concern one connection, not the message: RFC 9110 section 7.6.1. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
]);

/** Picks the headers that are passed on with a message. */
export function withoutHopByHop(headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/**
 * Picks the headers to pass on with a request. A body without a length stays in chunks, whatever the method:
 * without a frame it would be read as the next request.
 */
export function passedOnHeaders(headers: NodeJS.Dict<string | string[]>): NodeJS.Dict<string | string[]> {
  const { expect: _, ...passed } = withoutHopByHop(headers);
  return headers["transfer-encoding"] === undefined ? passed : { ...passed, "transfer-encoding": "chunked" };
}
