import type { TypeView } from "../type-view.ts";
import { STATE_STEPS } from "./stage-words.ts";

/** Shows the jobs of type `pipeline.run`. */
export const pipelineRunView: TypeView = {
  steps: STATE_STEPS,
  advice: new Map([
    ["nothing-to-say", "Give a text with words in it."],
    ["unsupported-script", "Write text, title and author in Latin, Greek or Cyrillic letters."],
    ["unreadable-content", "Shorten or part the long word that the message names."],
    ["no-sentence-fits", "Write shorter sentences, or choose a preset with more time."],
    ["quality-out-of-bounds", "Submit it again with shorter sentences, or with another preset."],
  ]),
  isInputShown: true,
  loadForm: async () => (await import("./new-pipeline.tsx")).NewPipeline,
  loadResult: async () => (await import("./pipeline-result.tsx")).PipelineResult,
};
