import { evaluate, renderMisses, renderScores } from "./evaluate.ts";

/** Prints precision and recall by field on the made sites, those that were held out apart, and what went wrong. */
const results = await evaluate();
const heldOut = results.filter(({ site }) => site.isHeldOut);
const seen = results.filter(({ site }) => !site.isHeldOut);
console.log(`${seen.length} made sites\n${renderScores(seen)}\n`);
console.log(`${heldOut.length} made sites that were held out\n${renderScores(heldOut)}\n`);
if (process.argv.includes("--misses")) console.log(renderMisses(process.argv.includes("--all") ? results : seen));
