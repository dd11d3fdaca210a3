import { defineJob } from "@baton/engine";
import { z } from "zod";

export type Translate = (text: string, language: string, signal: AbortSignal) => Promise<string>;

export function translation(translate: Translate) {
  return defineJob({
    type: "translation",
    input: z.strictObject({
      text: z.string().max(10_000),
      language: z.string().length(2),
      note: z.string().optional(),
    }),
    output: z.object({ text: z.string() }),
    cache: {
      ttlMs: 7 * 24 * 3_600_000,
      version: "2026-01",
      key: ({ text, language }) => ({ text: text.trim(), language }),
    },
    run: async ({ signal }, { text, language }) => ({ text: await translate(text.trim(), language, signal) }),
  });
}
