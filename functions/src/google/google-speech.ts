import { z } from "zod";
import { LANGUAGES } from "../media/languages.ts";
import { fromWav } from "../media/pcm.ts";
import type { Speech, SpeechOptions, SpeechSynthesizer } from "../media/speech/speech-synthesizer.ts";
import { callGoogleApi, type GoogleApi } from "./call-google-api.ts";

/** https://cloud.google.com/text-to-speech/docs/reference/rest/v1/text/synthesize */
const Synthesized = z.object({ audioContent: z.base64() });
const SAMPLE_RATE = 24_000;
/** Requests at the same time. */
const AT_ONCE = 4;

/** The speech of Google Cloud Text-to-Speech, in the language's default voice. It tells no times of words. */
export function googleSpeech(api: GoogleApi): SpeechSynthesizer {
  return {
    name: "google-text-to-speech",
    async speak(texts, options) {
      const speeches: Speech[] = [];
      const waiting = [...texts.entries()];
      const stop = new AbortController();
      const signal = AbortSignal.any([options.signal, stop.signal]);
      const speakNext = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const [index, text] = next;
          speeches[index] = await speakOne(api, text, { ...options, signal });
        }
      };
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, speakNext));
      } finally {
        // One that failed ends the others.
        stop.abort();
      }
      return speeches;
    },
  };
}

async function speakOne(api: GoogleApi, text: string, { language, rate, signal }: SpeechOptions): Promise<Speech> {
  const body = {
    input: { text },
    voice: { languageCode: LANGUAGES[language].googleCode },
    audioConfig: { audioEncoding: "LINEAR16", sampleRateHertz: SAMPLE_RATE, speakingRate: rate },
  };
  const { audioContent } = Synthesized.parse(await callGoogleApi(api, "/v1/text:synthesize", body, signal));
  return { pcm: fromWav(Buffer.from(audioContent, "base64")), words: [] };
}
