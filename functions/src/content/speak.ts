import type { LanguageCode } from "../media/languages.ts";
import { LANGUAGES } from "../media/languages.ts";
import type { Speech } from "../media/speech/speech-synthesizer.ts";

/** Texts to speak, in one language and at one speed. */
export interface SpeechRequest {
  texts: readonly string[];
  language: LanguageCode;
  rate: number;
}

/** Speaks texts with eSpeak NG: a compute function, which loads the engine in the compute process. */
export async function speak({ texts, language, rate }: SpeechRequest): Promise<Speech[]> {
  const { espeak } = await import("../media/speech/espeak.ts");
  return espeak({ texts, rate, voice: LANGUAGES[language].espeakVoice });
}
