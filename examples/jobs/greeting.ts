import { defineJob } from "@baton/engine";
import { z } from "zod";

export const greeting = defineJob({
  type: "greeting",
  input: z.strictObject({
    name: z.string().min(1).max(100),
    language: z.enum(["en", "de"]).default("en"),
  }),
  output: z.object({ text: z.string() }),
  async run({ progress }, { name, language }) {
    progress(0.5, "choosing words");
    const hello = language === "de" ? "Hallo" : "Hello";
    return { text: `${hello}, ${name}!` };
  },
});
