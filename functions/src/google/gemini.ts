import { PermanentError, RetryableError } from "@baton/engine";
import { z } from "zod";
import { callGoogleApi, type GoogleApi } from "./call-google-api.ts";
import type { LanguageModel, ModelRequest, TokenCount } from "./language-model.ts";

const MAX_ANSWERS = 3;

/** The used part of an answer: https://ai.google.dev/api/generate-content#v1beta.GenerateContentResponse */
const Generated = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(z.object({ text: z.string().default("") })).default([]) }).optional(),
        finishReason: z.string().optional(),
      }),
    )
    .default([]),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: z
    .object({
      promptTokenCount: z.int().default(0),
      candidatesTokenCount: z.int().default(0),
      thoughtsTokenCount: z.int().default(0),
    })
    .default({ promptTokenCount: 0, candidatesTokenCount: 0, thoughtsTokenCount: 0 }),
});
type Generated = z.infer<typeof Generated>;

const SAFETY_REASONS = new Set(["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII"]);

/**
 * The language model behind the Gemini API; `model` as in `gemini-2.5-flash`. Its answers are bound to the schema by
 * the API.
 */
export function gemini(api: GoogleApi, model: string): LanguageModel {
  return {
    name: model,
    async ask(request) {
      const tokens: TokenCount = { input: 0, output: 0 };
      let objection: string | undefined;
      for (let tried = 0; tried < MAX_ANSWERS; tried += 1) {
        const path = `/v1beta/models/${model}:generateContent`;
        const generated = Generated.parse(
          await callGoogleApi(api, path, requestBody(request, objection), request.signal),
        );
        const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } = generated.usageMetadata;
        tokens.input += promptTokenCount;
        tokens.output += candidatesTokenCount + thoughtsTokenCount;
        demandSafe(generated);
        const read = readAnswer(generated, request);
        if (read.outcome === "good") return { answer: read.answer, tokens };
        objection = read.objection;
      }
      throw new RetryableError("model-answer-invalid", `The language model gave ${MAX_ANSWERS} unusable answers.`);
    },
  };
}

function requestBody(
  { instructions, content, answer }: ModelRequest<z.ZodType>,
  objection: string | undefined,
): unknown {
  const again = objection === undefined ? [] : [{ text: `An earlier answer was rejected: ${objection}` }];
  return {
    systemInstruction: { parts: [{ text: instructions }, ...again] },
    contents: [{ role: "user", parts: [{ text: content }] }],
    generationConfig: {
      responseMimeType: "application/json",
      responseJsonSchema: z.toJSONSchema(answer, { target: "draft-7" }),
      temperature: 0.4,
    },
  };
}

function demandSafe({ candidates, promptFeedback }: Generated): void {
  const reason = promptFeedback?.blockReason ?? candidates[0]?.finishReason ?? "";
  if (promptFeedback?.blockReason !== undefined || SAFETY_REASONS.has(reason)) {
    throw new PermanentError("unsafe-query", "The language model does not answer this for safety.");
  }
}

type Read<Answer extends z.ZodType> =
  | { outcome: "good"; answer: z.output<Answer> }
  | { outcome: "bad"; objection: string };

function readAnswer<Answer extends z.ZodType>({ candidates }: Generated, request: ModelRequest<Answer>): Read<Answer> {
  const [candidate] = candidates;
  const text = (candidate?.content?.parts ?? []).map((part) => part.text).join("");
  if (candidate?.finishReason === "MAX_TOKENS") return { outcome: "bad", objection: "it was too long." };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { outcome: "bad", objection: "it was not JSON." };
  }
  const parsed = request.answer.safeParse(json);
  if (!parsed.success) return { outcome: "bad", objection: z.prettifyError(parsed.error) };
  const objection = request.objection?.(parsed.data);
  return objection === undefined ? { outcome: "good", answer: parsed.data } : { outcome: "bad", objection };
}
