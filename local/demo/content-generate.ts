import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContentInput, ContentOutput } from "../../functions/src/jobs/content-generate/schemas.ts";
import type { Demo, FinishedJob } from "./demo.ts";
import { renderContent } from "./render-content.ts";

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
        return renderContent(output, { folder: await saveFiles(finished, output), ...finished });
      },
      stop: async () => {},
    };
  },
};

/** Downloads the files of the job into a folder of their own, which stays. */
async function saveFiles({ client, jobId }: FinishedJob, { files }: ContentOutput): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "baton-demo-"));
  for (const { name } of Object.values(files)) {
    const file = await client.file(jobId, name);
    await writeFile(join(folder, name), Buffer.from(await file.arrayBuffer()));
  }
  return folder;
}
