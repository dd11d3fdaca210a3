import type { Cheerio, CheerioAPI } from "cheerio";
import { load } from "cheerio/slim";
import type { AnyNode, Element } from "domhandler";
import { isTag, isText } from "domhandler";
import { parseHtml } from "./parse-html.ts";

/** A run of visible text without a line break, and where it stands. */
export interface TextBlock {
  text: string;
  /** Name of the closest block element: `h1`, `p`, `li`. */
  tag: string;
  area: "header" | "nav" | "main" | "footer";
}

/** A parsed page. */
export interface Page {
  $: CheerioAPI;
  /** Its own URL. */
  url: string;
  blocks: readonly TextBlock[];
  /** Makes a URL of the page's absolute; undefined for one that is not http or https. */
  resolve(href: string | undefined): string | undefined;
  /** The value of an attribute in the first element that the selector finds, without white space around it. */
  attribute(selector: string, name: string): string | undefined;
  /** The text of the title, on one line. */
  title: string;
}

const BLOCKS = new Set(
  (
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 " +
    "header hr html li main nav noframes ol option p pre section summary table tbody td tfoot th thead tr ul br"
  ).split(" "),
);
const UNSEEN = new Set(
  "script style template noscript head title iframe object svg math select textarea button canvas audio video".split(
    " ",
  ),
);
/** Dialogs of consent tools. Their text is about partners and cookies, not about the company. */
const CONSENT = /cookie|consent|gdpr|onetrust|cookiebot|usercentrics|didomi|quantcast|cmp-|iubenda/i;
/** A page has some hundred blocks; the rest of a longer one is not read. */
const MAX_BLOCKS = 4000;
const MAX_BLOCK_CHARACTERS = 2000;

/** Parses a page. `url` is where it was found at last. */
export function parsePage(html: string, url: string): Page {
  const $ = load(parseHtml(html));
  const base = URL.parse($("base[href]").first().attr("href") ?? "", url) ?? new URL(url);
  return {
    $,
    url,
    blocks: blocksOf($.root().get(0)),
    resolve(href) {
      const resolved = href === undefined ? null : URL.parse(href.trim(), base);
      return resolved && /^https?:$/.test(resolved.protocol) ? resolved.href : undefined;
    },
    title: oneLine($("title").not("svg title").first().text().slice(0, 500)),
    attribute: (selector, name) => $(selector).first().attr(name)?.trim() || undefined,
  };
}

/** Gives text on one line, without control and direction characters. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .replaceAll(/[\p{Bidi_Control}\u200b\u00ad\ufeff]/gu, "")
    .trim();
}

/** Nodes of one element whose text is wanted: of a link, a card, a cell. */
const MAX_INNER_NODES = 1000;

/** Gives the visible text of an element on one line; of a very large one, its beginning. */
export function textOf(node: AnyNode | undefined): string {
  return oneLine(
    blocksOf(node, MAX_INNER_NODES)
      .map(({ text }) => text)
      .join(" "),
  );
}

/** Gives the visible text of the first element that was found. */
export function textOfFirst(found: Cheerio<AnyNode>): string {
  return textOf(found.get(0));
}

interface Visit {
  /** Absent: the block before ends here, and the text around it continues. */
  node?: AnyNode;
  tag: string;
  area: TextBlock["area"];
}

/** Lists the visible text below a node, block by block, in the order of the document. */
function blocksOf(root: AnyNode | undefined, maxNodes = Number.POSITIVE_INFINITY): TextBlock[] {
  const blocks: TextBlock[] = [];
  let open: TextBlock = { text: "", tag: "body", area: "main" };
  const close = (tag: string, area: TextBlock["area"]) => {
    const text = oneLine(open.text);
    if (text !== "") blocks.push({ ...open, text: text.slice(0, MAX_BLOCK_CHARACTERS) });
    open = { text: "", tag, area };
  };
  const waiting: Visit[] = root ? [{ node: root, tag: "body", area: "main" }] : [];
  let left = maxNodes;
  for (let next = waiting.pop(); next && blocks.length < MAX_BLOCKS && left > 0; next = waiting.pop()) {
    left -= 1;
    const { node } = next;
    if (!node) {
      close(next.tag, next.area);
      continue;
    }
    if (isText(node) && open.text.length < 4 * MAX_BLOCK_CHARACTERS)
      open.text += node.data.slice(0, 4 * MAX_BLOCK_CHARACTERS);
    if (isTag(node) && isUnseen(node)) continue;
    const isBlock = isTag(node) && BLOCKS.has(node.name);
    const tag = isTag(node) && isBlock && node.name !== "br" ? node.name : next.tag;
    const area = isTag(node) ? areaOf(node, next.area) : next.area;
    if (isBlock) {
      close(tag, area);
      waiting.push({ tag: next.tag, area: next.area });
    }
    if (!("children" in node)) continue;
    for (const child of node.children.toReversed()) waiting.push({ node: child, tag, area });
  }
  close("body", "main");
  return blocks;
}

function isUnseen({ name, attribs }: Element): boolean {
  if (UNSEEN.has(name) || attribs.hidden !== undefined) return true;
  if (/display\s*:\s*none|visibility\s*:\s*hidden/i.test(attribs.style ?? "")) return true;
  const isDialog = name === "div" || name === "section" || name === "aside" || name === "dialog";
  return isDialog && CONSENT.test(`${attribs.id ?? ""} ${attribs.class ?? ""}`);
}

function areaOf({ name, attribs }: Element, around: TextBlock["area"]): TextBlock["area"] {
  if (name === "footer" || attribs.role === "contentinfo") return "footer";
  if (name === "nav" || attribs.role === "navigation") return "nav";
  return name === "header" && around === "main" ? "header" : around;
}
