import { z } from "zod";
import { defineJob, FileRef } from "../../../engine/src/index.ts";

const BINARY = { contentType: "application/octet-stream" };

/** Copies an upload twice over into one file, as a stream, and fails once after that. */
const doubled = defineJob({
  type: "test.doubled",
  input: z.strictObject({ upload: FileRef }),
  output: z.object({ bytes: z.int(), sha256: z.string(), attempt: z.int() }),
  retry: { minDelayMs: 0, jitter: 0 },
  async run({ files, attempt }, { upload }) {
    const source = await files.read(upload);
    async function* twice() {
      yield* source.stream();
      yield* source.stream();
    }
    const { bytes, sha256 } = await files.write("doubled.bin", twice(), BINARY);
    await files.write("attempt.txt", `attempt ${attempt}`, { contentType: "text/plain" });
    if (attempt === 1) throw new Error("not yet");
    const note = Buffer.from(await (await files.read("attempt.txt")).content()).toString();
    return { bytes, sha256, attempt: Number(note.at(-1)) };
  },
});

/** Writes a file, and begins another one that never ends. */
const endless = defineJob({
  type: "test.endless-file",
  input: z.null(),
  output: z.null(),
  async run({ files, progress }) {
    await files.write("first.txt", "first", { contentType: "text/plain" });
    progress(0.5);
    await files.write("endless.bin", forever(), BINARY);
    return null;
  },
});

async function* forever() {
  for (;;) {
    yield "x".repeat(1000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const fileTypes = [doubled, endless] as const;
