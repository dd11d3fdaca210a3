import { asSpoken } from "../../../content/split-passages.ts";
import type { FetchedDocument } from "../../../web-pages/fetch/site-client.ts";
import { decodeText } from "../../../web-pages/read/decode-text.ts";
import { parsePage } from "../../../web-pages/read/page.ts";
import type { SourceText } from "../rag/retrieve.ts";

/** Kept of one source. Ten of them fit into the input of a compute function with room to spare. */
const MAX_CHARS = 100_000;

/**
 * Reads what a fetched page says: its title, and the text of its main part, paragraph by paragraph. Plain text stays as
 * it is.
 */
export function readSource({ url, body, headers }: FetchedDocument): SourceText {
  const contentType = headers.get("content-type");
  const decoded = decodeText(body, contentType);
  const host = new URL(url).hostname;
  if (/^text\/plain\b/i.test(contentType ?? "")) return { title: host, text: decoded.slice(0, MAX_CHARS) };
  const { $, blocks } = parsePage(decoded, url);
  const text = blocks.filter(({ area }) => area === "main").map((block) => block.text);
  const title = asSpoken($("title").first().text()).slice(0, 200);
  return { title: title || host, text: text.join("\n\n").slice(0, MAX_CHARS) };
}
