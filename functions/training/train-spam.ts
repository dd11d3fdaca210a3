/**
 * Trains the spam classifier: `node functions/training/train-spam.ts <folder>`. The folder holds one CSV file a video,
 * with the columns `text` and `spam` (1 or 0). Prints how well a model does on each video when it is trained on the
 * others, then writes the model of all of them. The same files give the same bytes.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { type LabelledComment, labelledComment, scoreHeldOut, trainSpamModel } from "./spam-training.ts";

const MODEL_FILE = new URL("../src/jobs/video-analysis/spam.model.json", import.meta.url);

const Rows = z.array(z.object({ text: z.string(), spam: z.enum(["0", "1"]) }));

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Give the folder that holds the labelled comments: node functions/training/train-spam.ts <folder>");
  process.exit(2);
}

const comments = readComments(folder);
const videos = [...new Set(comments.map(({ video }) => video))];
for (const video of videos) {
  const { f1, precision, recall } = scoreHeldOut(comments, video);
  console.log(
    `${video.padEnd(12)} F1 ${f1.toFixed(3)}  precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}`,
  );
}
const { model, penalties } = trainSpamModel(comments);
const bytes = `${JSON.stringify(model, null, 1)}\n`;
writeFileSync(MODEL_FILE, bytes);
console.log(
  `all ${videos.length} videos: ${Object.keys(model.weights).length} weights, ${bytes.length} bytes, ` +
    `penalties ${penalties.signalPenalty} (signals) and ${penalties.wordPenalty} (words)`,
);

function readComments(from: string): LabelledComment[] {
  const files = readdirSync(from).filter((name) => name.endsWith(".csv"));
  return files.sort().flatMap((file) => {
    const rows = Rows.parse(parse(readFileSync(join(from, file)), { columns: true, bom: true }));
    return rows.map(({ text, spam }) => labelledComment(basename(file, ".csv"), text, spam === "1"));
  });
}
