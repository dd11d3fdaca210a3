import { speak } from "../../content/speak.ts";
import type { LanguageCode } from "../../media/languages.ts";
import type { FetchedDocument } from "../../web-pages/fetch/site-client.ts";
import type { Query, Reading } from "./nlu/understand-query.ts";
import type { FoundPassage, Question, SourceText } from "./rag/retrieve.ts";
import type { Composition, Material } from "./script/compose-extractive.ts";

/** Reads a query; see `understandQuery`. */
async function understand(query: Query): Promise<Reading> {
  const { taggerOf } = await import("../../content/text-tools.ts");
  const { understandQuery } = await import("./nlu/understand-query.ts");
  const { loadFonts } = await import("../../media/fonts.ts");
  const { missingIn } = await loadFonts();
  return understandQuery(query, { missingIn, tag: await taggerOf(query.language) });
}

/** Reads a fetched page; see `readSource` in `sources/`. */
async function readSource(document: FetchedDocument): Promise<SourceText> {
  const reader = await import("./sources/read-source.ts");
  return reader.readSource(document);
}

/** Finds passages; see `retrieve`. */
async function findPassages(input: { sources: readonly SourceText[]; question: Question }): Promise<FoundPassage[]> {
  const { textToolsOf } = await import("../../content/text-tools.ts");
  const { retrieve } = await import("./rag/retrieve.ts");
  return retrieve(input.sources, input.question, await textToolsOf(input.question.language));
}

/** Composes a script of the sources' sentences; see `composeExtractive`. */
async function compose(input: { material: Material; language: LanguageCode }): Promise<Composition> {
  const { taggerOf, textToolsOf } = await import("../../content/text-tools.ts");
  const { composeExtractive } = await import("./script/compose-extractive.ts");
  const { loadFonts } = await import("../../media/fonts.ts");
  const fonts = await loadFonts();
  const tools = await textToolsOf(input.language);
  return composeExtractive(
    input.material,
    { ...tools, draws: (text) => fonts.missingIn(text).length === 0 },
    await taggerOf(input.language),
  );
}

/**
 * The compute functions of `content.generate`. Each loads what it needs when it is first called, in the compute
 * process: the API and the other workers load this file, too, and never call one.
 */
export const contentCompute = { understand, readSource, findPassages, compose, speak };
export type ContentCompute = typeof contentCompute;
