import type { TypeView } from "../type-view.ts";

/** Shows the jobs of type `content.generate`. */
export const contentGenerateView: TypeView = {
  steps: [
    { step: "nlu", label: "Question", doing: "Reading the question" },
    { step: "sources", label: "Sources", doing: "Reading the sources" },
    { step: "rag", label: "Passages", doing: "Finding what the sources say" },
    { step: "script", label: "Script", doing: "Writing the script" },
    { step: "tts", label: "Voice", doing: "Speaking the script" },
    { step: "video", label: "Video", doing: "Making the video" },
    { step: "quality", label: "Check", doing: "Checking the file" },
  ],
  advice: new Map([
    ["ambiguous-query", "Ask one question, and name its subject."],
    ["unsafe-query", "Such a question is not answered. Ask for something else."],
    ["unsupported-script", "Write the question in Latin, Greek or Cyrillic letters."],
    ["nothing-relevant", "Give a source that speaks of the question, or ask what the sources tell."],
    ["not-enough-material", "Ask for fewer seconds, or give more sources."],
    ["url-refused", "Give the public address of a page: https or http, on its usual port."],
    ["dns-failed", "Check the spelling of the address. Its domain has no address, or is not registered."],
    ["page-not-found", "Check the address: the site has no such page. Or paste its text."],
    ["robots-disallowed", "The owner of the site asks robots to stay out, and this one does. Paste the text instead."],
    ["not-a-page", "Give the address of a web page. Paste the text of other documents."],
    ["page-empty", "The page has no text without its scripts. Paste the text instead."],
  ]),
  isInputShown: true,
  loadForm: async () => (await import("./new-content.tsx")).NewContent,
  loadResult: async () => (await import("./content-result.tsx")).ContentResult,
};
