/** The URL that a text is; undefined where it is none. `URL.parse` of Node 22, for Node 20 as well. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
