import { defineJob } from "@baton/engine";
import { contentCompute } from "./compute.ts";
import { contentPorts } from "./ports.ts";
import { ContentInput, ContentOutput } from "./schemas.ts";
import { ContentSettings } from "./settings.ts";

/**
 * The job type `content.generate`: a learner's question becomes a short narrated video, and its parts, out of given
 * sources. Every scene names the places in the sources that it rests on. Its work is loaded with the first job: the API
 * reads only the schemas.
 */
export function contentGenerate(portsOf: typeof contentPorts = contentPorts) {
  return defineJob({
    type: "content.generate",
    queue: "heavy",
    input: ContentInput,
    output: ContentOutput,
    settings: ContentSettings,
    secrets: ["GEMINI_API_KEY", "TEXT_TO_SPEECH_API_KEY"],
    retry: { maxAttempts: 4, minDelayMs: 2000, maxDelayMs: 120_000 },
    compute: contentCompute,
    computeLimits: { timeoutMs: 60_000, memoryMb: 640 },
    async run(context, input) {
      const { generateContent } = await import("./generate-content.ts");
      return generateContent(context, input, await portsOf(context.settings, context.compute));
    },
  });
}
