import { defineJob } from "@baton/engine";
import { z } from "zod";

export const wordCount = defineJob({
  type: "word.count",
  input: z.strictObject({ text: z.string() }),
  output: z.object({ words: z.int() }),
  computeLimits: { timeoutMs: 10_000, memoryMb: 256 },
  compute: {
    count: (text: string) => text.trim().split(/\s+/).length,
  },
  run: async ({ compute }, { text }) => ({ words: await compute("count", text) }),
});
