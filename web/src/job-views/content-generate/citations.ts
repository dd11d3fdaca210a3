import { safeHref } from "../safe-href.ts";
import type { ContentOutput } from "./types.ts";

/** A place in a source that a scene rests on. */
export type Citation = ContentOutput["script"]["scenes"][number]["citations"][number];

/** A cited place, with what stands around it where this tab knows the text. */
export interface Quote {
  /** Id of its element in the page. */
  id: string;
  before: string;
  quote: string;
  after: string;
}

/** A source with its quotes, in the order of its text. */
export interface QuotedSource {
  /** From 1, as the page shows it. */
  number: number;
  title: string;
  href: string | undefined;
  failure: string | undefined;
  quotes: Quote[];
}

/** Characters shown before and after a quote. */
const CONTEXT_CHARS = 120;

/** Gives the id of the element that shows a citation's quote. */
export function quoteIdOf({ source, start, end }: Citation): string {
  return `quote-${source}-${start}-${end}`;
}

/**
 * Gives the address of a citation's page, at the quote where the browser knows text fragments
 * (https://wicg.github.io/scroll-to-text-fragment/); undefined for a text of the input.
 */
export function pageOf({ source, quote }: Citation, sources: ContentOutput["sources"]): string | undefined {
  const href = safeHref(sources[source]?.url);
  if (href === undefined) return undefined;
  const fragment = encodeURIComponent(quote.replace(/\s+/g, " ").trim()).replaceAll("-", "%2D");
  return `${href.replace(/#.*$/s, "")}#:~:text=${fragment}`;
}

/** Lists the sources, each with the places that scenes cite. `texts` are the documents of the input, when known. */
export function quotedSources({ sources, script }: ContentOutput, texts: readonly string[]): QuotedSource[] {
  const cited = script.scenes.flatMap(({ citations }) => citations);
  return sources.map(({ title, url, failure }, index) => {
    const own = new Map(cited.filter(({ source }) => source === index).map((entry) => [quoteIdOf(entry), entry]));
    const inOrder = [...own.values()].sort((a, b) => a.start - b.start);
    return {
      number: index + 1,
      title,
      href: safeHref(url),
      failure: failure?.message,
      quotes: inOrder.map((citation) => ({ id: quoteIdOf(citation), ...surrounded(citation, texts[index]) })),
    };
  });
}

function surrounded({ start, end, quote }: Citation, text: string | undefined): Omit<Quote, "id"> {
  if (text?.slice(start, end) !== quote) return { before: "", quote, after: "" };
  const before = text.slice(Math.max(0, start - CONTEXT_CHARS), start);
  const after = text.slice(end, end + CONTEXT_CHARS);
  return {
    before: start > CONTEXT_CHARS ? `…${before.replace(/^\S*/, "")}` : before,
    quote,
    after: end + CONTEXT_CHARS < text.length ? `${after.replace(/\S*$/, "")}…` : after,
  };
}

/** Gives the texts of the documents in a submitted input, by number of the source. */
export function documentTexts(input: unknown): string[] {
  if (typeof input !== "object" || input === null || !("documents" in input)) return [];
  const documents: unknown[] = Array.isArray(input.documents) ? input.documents : [];
  return documents.map((entry) =>
    typeof entry === "object" && entry !== null && "text" in entry ? String(entry.text) : "",
  );
}

/** True for an output that this view can show. Another version of the job type may give another shape. */
export function isContentOutput(output: unknown): output is ContentOutput {
  return typeof output === "object" && output !== null && ["script", "sources", "files"].every((key) => key in output);
}
