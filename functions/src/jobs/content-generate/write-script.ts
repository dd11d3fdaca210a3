import { type JobContext, PermanentError } from "@baton/engine";
import { z } from "zod";
import type { ContentCompute } from "./compute.ts";
import type { ContentPorts } from "./ports.ts";
import type { FoundPassage, SourceText } from "./rag/retrieve.ts";
import { type ContentInput, Script, Understanding } from "./schemas.ts";
import type { Composition, Material } from "./script/compose-extractive.ts";

type ScriptContext = Pick<JobContext<ContentCompute>, "step" | "compute">;

/** Passages as a step stores them. */
const Passages: z.ZodType<FoundPassage[]> = z.array(
  z.object({
    id: z.string(),
    score: z.number(),
    source: z.int(),
    start: z.int(),
    end: z.int(),
    sentences: z.array(z.object({ start: z.int(), end: z.int(), text: z.string() })),
  }),
);

/** Reads the query, in the step `nlu`. A query that is refused fails the job for good, with the code and the reason. */
export function readQuery({ step, compute }: ScriptContext, input: ContentInput): Promise<Understanding> {
  const { query, audience, language } = input;
  const work = async (signal: AbortSignal) => {
    const reading = await compute("understand", { query, audience, language }, { signal });
    if (reading.outcome === "refused") throw new PermanentError(reading.code, reading.message);
    return reading.understanding;
  };
  return step("nlu", ({ signal }) => work(signal), { output: Understanding });
}

/** Finds what the sources say about the question, in the step `rag`. */
export function findInSources(
  { step, compute }: ScriptContext,
  { interests, language }: ContentInput,
  { topic, keywords }: Understanding,
  sources: readonly SourceText[],
): Promise<FoundPassage[]> {
  const work = async (signal: AbortSignal) => {
    const question = { keywords, interests, language };
    const passages = await compute("findPassages", { sources, question }, { signal });
    if (passages.length === 0)
      throw new PermanentError("nothing-relevant", `The sources say nothing about "${topic}".`);
    return passages;
  };
  return step("rag", ({ signal }) => work(signal), { output: Passages });
}

/**
 * Writes the script, in the step `script`: with the language model where there is one, else of the sources' own
 * sentences.
 */
export function writeScript(
  { step, compute }: ScriptContext,
  { writer }: Pick<ContentPorts, "writer">,
  input: ContentInput,
  material: Material,
): Promise<Script> {
  const { language } = input;
  const work = async (signal: AbortSignal) => {
    if (writer === undefined)
      return scriptOf(await compute("compose", { material, language }, { signal }), input.seconds);
    const { writeWithModel } = await import("./script/write-with-model.ts");
    const { loadFonts } = await import("../../media/fonts.ts");
    return writeWithModel(writer, material, { ...input, fonts: await loadFonts() }, signal);
  };
  return step("script", ({ signal }) => work(signal), { output: Script });
}

function scriptOf(composition: Composition, seconds: number): Script {
  if (composition.outcome === "composed") return composition.script;
  const message = `The sources have whole sentences about this for some ${composition.seconds} s, not for ${seconds} s.`;
  throw new PermanentError("not-enough-material", message);
}
