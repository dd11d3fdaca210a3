import { type JobContext, PermanentError } from "@baton/engine";
import { z } from "zod";
import { PAGE, type SiteClient } from "../../../web-pages/fetch/site-client.ts";
import type { ContentCompute } from "../compute.ts";
import type { ContentPorts } from "../ports.ts";
import type { SourceText } from "../rag/retrieve.ts";
import type { ContentInput } from "../schemas.ts";

/** A source of a job, as its output names it. */
export interface Source extends SourceText {
  /** Where it was found, for a page. */
  url?: string;
  /** Why a page has no text. */
  failure?: { code: string; message: string };
}

/** The part of a page that a step stores. */
const FetchedSource = z.union([
  z.object({ url: z.string(), title: z.string(), text: z.string() }),
  z.object({ url: z.string(), failure: z.object({ code: z.string(), message: z.string() }) }),
]);
type FetchedSource = z.infer<typeof FetchedSource>;

/**
 * Gathers the documents of the input and the pages of its URLs, in this order. A page that cannot be had is kept with
 * the reason; the job fails for good, with the code of the first one, only when no source is left.
 */
export async function gatherSources(
  context: Pick<JobContext<ContentCompute>, "step" | "compute">,
  { documents = [], sourceUrls = [] }: ContentInput,
  { openSite }: Pick<ContentPorts, "openSite">,
): Promise<Source[]> {
  const given = documents.map(({ title, text }, index) => ({ title: title ?? `Document ${index + 1}`, text }));
  const fetched: Source[] = [];
  let site: SiteClient | undefined;
  // One after the other: the pages are often of one host, which takes one request at a time.
  for (const [index, url] of sourceUrls.entries()) {
    const work = async (signal: AbortSignal) => {
      site ??= await openSite();
      return fetchSource(context, url, site, signal);
    };
    const page = await context.step(`source ${index + 1}`, ({ signal }) => work(signal), { output: FetchedSource });
    fetched.push("failure" in page ? { ...page, title: page.url, text: "" } : page);
  }
  const sources: Source[] = [...given, ...fetched];
  const [failed] = fetched.flatMap(({ failure }) => failure ?? []);
  if (failed && sources.every(({ text }) => text === "")) throw new PermanentError(failed.code, failed.message);
  return sources;
}

async function fetchSource(
  { compute }: Pick<JobContext<ContentCompute>, "compute">,
  url: string,
  site: SiteClient,
  signal: AbortSignal,
): Promise<FetchedSource> {
  const first = await site.fetch(url, PAGE, signal);
  const answer = first.outcome === "failed" && first.failure.isTemporary ? await site.fetch(url, PAGE, signal) : first;
  if (answer.outcome === "failed") {
    const { code, message } = answer.failure;
    return { url, failure: { code, message } };
  }
  const { title, text } = await compute("readSource", answer.document, { signal });
  if (text.trim() === "") return { url, failure: { code: "page-empty", message: "The page has no text." } };
  return { url: answer.document.url, title, text };
}
