import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ContentInput, ContentOutput } from "../../functions/src/jobs/content-generate/schemas.ts";
import type { Demo } from "./demo.ts";
import { renderContent } from "./render-content.ts";
import { saveFiles } from "./save-files.ts";

/** The input of the demo: a question, and a text that answers it. */
export async function tidesInput(): Promise<(typeof ContentInput)["_input"]> {
  const text = await readFile(join(import.meta.dirname, "tides.txt"), "utf8");
  return {
    query: "Why are there two high tides a day?",
    documents: [{ title: "About tides", text }],
    seconds: 12,
    formats: ["video", "subtitles", "thumbnail", "script"],
  };
}

/** Makes a video of a text about tides, and saves its files where the user can open them. */
export const contentGenerateDemo: Demo = {
  timeoutMs: 180_000,
  async prepare() {
    const input = await tidesInput();
    return {
      subject: `the question "${input.query}" with a text about tides`,
      ports: [],
      submit: (client, webhookUrl) => client.submit("content.generate", input, { webhookUrl }),
      render: async (finished) => {
        const output = ContentOutput.parse(finished.output);
        const folder = await saveFiles(finished, Object.values(output.files));
        return renderContent(output, { folder, ...finished });
      },
      stop: async () => {},
    };
  },
};
