import type { JobContext } from "@baton/engine";
import type { LanguageModel } from "../../google/language-model.ts";
import type { SpeechSynthesizer } from "../../media/speech/speech-synthesizer.ts";
import type { ContentCompute } from "./compute.ts";
import type { ContentSettings } from "./settings.ts";

/** The outside services that a job uses. */
export interface ContentPorts {
  /** Writes the script; absent: it is composed of the sources' sentences. */
  writer?: LanguageModel;
  /** Speaks the narration. */
  voice: SpeechSynthesizer;
}

const MODEL_TIMEOUT_MS = 90_000;
const SPEECH_TIMEOUT_MS = 30_000;

/** The services that a deployment's settings name; eSpeak NG, in a compute process, where there is no key for another voice. */
export async function contentPorts(
  settings: ContentSettings,
  compute: JobContext<ContentCompute>["compute"],
): Promise<ContentPorts> {
  return { ...(await writerOf(settings)), voice: await voiceOf(settings, compute) };
}

async function writerOf({
  GEMINI_API_KEY: apiKey,
  GEMINI_API_BASE_URL: baseUrl,
  GEMINI_MODEL: model,
}: ContentSettings) {
  if (apiKey === undefined) return {};
  const { gemini } = await import("../../google/gemini.ts");
  return { writer: gemini({ name: "The language model", baseUrl, apiKey, timeoutMs: MODEL_TIMEOUT_MS }, model) };
}

async function voiceOf(
  { TEXT_TO_SPEECH_API_KEY: apiKey, TEXT_TO_SPEECH_API_BASE_URL: baseUrl }: ContentSettings,
  compute: JobContext<ContentCompute>["compute"],
): Promise<SpeechSynthesizer> {
  if (apiKey !== undefined) {
    const { googleSpeech } = await import("../../google/google-speech.ts");
    return googleSpeech({ name: "The speech service", baseUrl, apiKey, timeoutMs: SPEECH_TIMEOUT_MS });
  }
  return {
    name: "espeak-ng",
    speak: (texts, { signal, ...options }) => compute("speak", { texts, ...options }, { signal }),
  };
}
