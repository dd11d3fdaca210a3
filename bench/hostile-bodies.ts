import { createHash } from "node:crypto";
import { Firestore } from "@google-cloud/firestore";
import { jobCollections } from "../engine/src/jobs/firestore/job-collections.ts";
import { createJob } from "../engine/src/jobs/firestore/job-writes.ts";
import { newJob } from "../engine/src/jobs/rules/submission.ts";
import { anApi } from "../test/unit/api/an-api.ts";

/*
 * How long one request keeps an instance of the API busy, for bodies that are made to be expensive. Everything but the
 * network is real: the API, and the checks of the Firestore client. Times are of the processor, which other programs do
 * not change much; ratios are to a plain text of the same size.
 */

const BYTES = 880_000;
const fill = (part: string, separator = ",") =>
  Array.from({ length: Math.floor(BYTES / (part.length + separator.length)) }, () => part).join(separator);
const keys = (length: number) => {
  const name = (n: number) => createHash("sha256").update(String(n)).digest("hex").repeat(30).slice(0, length);
  return `{${Array.from({ length: Math.floor(BYTES / (length + 5)) }, (_, n) => `"${name(n)}":1`).join(",")}}`;
};
/** A list of rows, made as long as the other inputs by a text at its end. */
const filled = (rows: string[]) => {
  const text = rows.join(",");
  return `[${text},"${"x".repeat(BYTES - text.length)}"]`;
};
const times = (count: number, part: (n: number) => string) => Array.from({ length: count }, (_, n) => part(n));
const mapOf = (names: number, suffix = "") => `{${times(names, (n) => `"k${n}${suffix}":1`).join(",")}}`;

const INPUTS: Record<string, string> = {
  "a plain text": `"${"x".repeat(BYTES)}"`,
  "a plain input of 5,000 comments": `[${Array.from({ length: 5000 }, () => `{"text":"${"x".repeat(150)}"}`).join(",")}]`,
  "empty maps": `[${fill("{}")}]`,
  "empty arrays": `[${fill("[]")}]`,
  "nested pairs of maps": `[${fill('{"a":{}}')}]`,
  digits: `[${fill("1")}]`,
  "long numbers": `[${fill("1.2345678901234567e-300")}]`,
  "short texts": `[${fill('"a"')}]`,
  nulls: `[${fill("null")}]`,
  escapes: `"${fill("\\u0041", "")}"`,
  "escaped pairs": `"${fill("\\ud83d\\ude00", "")}"`,
  "halves of pairs": `"${fill("\\ud83d", "")}"`,
  "long keys": keys(1400),
  "short keys": keys(8),
  "nested arrays, 99 deep": `[${fill("[".repeat(90) + "]".repeat(90))}]`,
  "19,900 empty maps, just within the limits": filled(times(19_900, () => "{}")),
  "19,900 empty arrays, just within the limits": filled(times(19_900, () => "[]")),
  "4,900 maps of 5 names, just within the limits": filled(times(4_900, () => mapOf(5))),
  "4,900 maps of 5 names of their own, just within the limits": filled(times(4_900, (n) => mapOf(5, `_${n}`))),
  "24,900 names in one map, just within the limits": filled([mapOf(24_900)]),
  "199,000 digits, just within the limits": filled(times(199_000, () => "1")),
  "199,000 short texts, just within the limits": filled(times(199_000, () => '"a"')),
  "all limits at once, just within them": filled([
    ...times(19_900, (n) => mapOf(n < 5_000 ? 2 : 1)),
    ...times(130_000, () => "1"),
  ]),
  "nested arrays, as deep as there is room": "[".repeat(BYTES / 2) + "]".repeat(BYTES / 2),
};

const firestore = new Firestore({ projectId: "demo-bench" });
const collections = jobCollections(firestore);

/** The processor's time for one submission, the best of five, in milliseconds, and its status. */
async function measure(input: string): Promise<{ ms: number; status: number }> {
  const { ports, call } = anApi();
  const { submit } = ports.jobs;
  ports.jobs.submit = (submission, value, now) => {
    createJob(collections, firestore.batch(), newJob(submission, now), value);
    return submit(submission, null, now);
  };
  const body = `{"type":"count.words","input":{"text":"x","anything":${input}}}`;
  let best = { ms: Number.POSITIVE_INFINITY, status: 0 };
  for (let i = 0; i < 5; i++) {
    const headers = { "content-type": "application/json", "idempotency-key": `k${i}` };
    const start = process.threadCpuUsage();
    const { status } = await call("POST", "/v1/jobs", { as: "alice", headers, body });
    const { user, system } = process.threadCpuUsage(start);
    const ms = (user + system) / 1000;
    if (ms < best.ms) best = { ms, status };
  }
  return best;
}

await measure(INPUTS["a plain text"] ?? "");
const plain = await measure(INPUTS["a plain text"] ?? "");
console.log("| input of 880 kB | status | ms | times the plain text |\n|---|---|---|---|");
for (const [name, input] of Object.entries(INPUTS)) {
  const { ms, status } = await measure(input);
  console.log(`| ${name} | ${status} | ${ms.toFixed(1)} | ${(ms / plain.ms).toFixed(1)} |`);
}
