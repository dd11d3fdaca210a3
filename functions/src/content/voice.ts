import { BaseUrl } from "@baton/engine/kit";
import { z } from "zod";
import type { Speech, SpeechSynthesizer } from "../media/speech/speech-synthesizer.ts";
import { ApiKey } from "./api-key.ts";
import type { SpeechRequest } from "./speak.ts";

const SPEECH_TIMEOUT_MS = 30_000;

/** The settings of the voice, by their names in the environment. */
export const VoiceSettings = z.object({
  /** With a key Google Cloud Text-to-Speech speaks; without, eSpeak NG does. */
  TEXT_TO_SPEECH_API_KEY: ApiKey,
  TEXT_TO_SPEECH_API_BASE_URL: BaseUrl.default("https://texttospeech.googleapis.com"),
});
export type VoiceSettings = z.infer<typeof VoiceSettings>;

/** The voice that a deployment's settings name; eSpeak NG, by `speak`, where there is no key for another one. */
export async function deployedVoice(
  { TEXT_TO_SPEECH_API_KEY: apiKey, TEXT_TO_SPEECH_API_BASE_URL: baseUrl }: VoiceSettings,
  speak: (request: SpeechRequest, options: { signal: AbortSignal }) => Promise<Speech[]>,
): Promise<SpeechSynthesizer> {
  if (apiKey !== undefined) {
    const { googleSpeech } = await import("../google/google-speech.ts");
    return googleSpeech({ name: "The speech service", baseUrl, apiKey, timeoutMs: SPEECH_TIMEOUT_MS });
  }
  return {
    name: "espeak-ng",
    speak: (texts, { signal, ...options }) => speak({ texts, ...options }, { signal }),
  };
}
