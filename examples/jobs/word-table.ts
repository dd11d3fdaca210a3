import { defineJob, FileRef } from "@baton/engine";
import { z } from "zod";

export const wordTable = defineJob({
  type: "word.table",
  input: z.strictObject({ text: FileRef }),
  output: z.object({ table: z.string(), words: z.int() }),
  async run({ files }, { text }) {
    const upload = await files.read(text);
    const counts = new Map<string, number>();
    const words = new TextDecoder().decode(await upload.content()).match(/\p{L}+/gu) ?? [];
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);

    const table = await files.write("words.csv", rows(counts), { contentType: "text/csv" });
    return { table: table.name, words: counts.size };
  },
});

function* rows(counts: ReadonlyMap<string, number>) {
  yield "word,count\n";
  for (const [word, count] of counts) yield `${word},${count}\n`;
}
