import type { PipelineInput } from "../../../functions/src/jobs/pipeline-run/schemas.ts";
import { CONTENT } from "../../unit/pipeline-run/a-pipeline.ts";
import type { FailedInput, RefusedInput } from "./bad-input.ts";

const GOOD = { content: CONTENT, preset: "quick-social", metadata: { title: "Coffee" } };
const about = (metadata: unknown) => ({ ...GOOD, metadata });

/** Inputs that the schema refuses: a submission of them is answered 400 with the place. */
export const REFUSED: readonly RefusedInput[] = [
  ["a text", CONTENT, /./],
  ["null", null, /./],
  ["a list", [GOOD], /./],
  ["no content", { ...GOOD, content: undefined }, /\/content/],
  ["an empty content", { ...GOOD, content: "" }, /\/content/],
  ["a content of blanks", { ...GOOD, content: " \n\t " }, /\/content/],
  ["a number as content", { ...GOOD, content: 7 }, /\/content/],
  ["a list as content", { ...GOOD, content: ["Coffee."] }, /\/content/],
  ["a huge content", { ...GOOD, content: "a".repeat(20_001) }, /\/content/],
  [
    "a content above the preset's limit",
    { ...GOOD, content: "Buy. ".repeat(1001) },
    /has 5004 characters; the most for quick-social is 5000/,
  ],
  ["a control character in the content", { ...GOOD, content: "Coffee\u0000 for all." }, /\/content.*control/],
  ["an escape sequence in the content", { ...GOOD, content: "\u001b[31mCoffee" }, /\/content.*control/],
  ["a mark that turns the reading direction", { ...GOOD, content: "Cof\u202Efee" }, /\/content.*control/],
  ["no preset", { ...GOOD, preset: undefined }, /\/preset/],
  [
    "a preset that there is not",
    { ...GOOD, preset: "cinema" },
    /\/preset.*one of the presets: quick-social, brand-campaign, premium/,
  ],
  ["a preset in capitals", { ...GOOD, preset: "PREMIUM" }, /\/preset/],
  ["the name of a property of objects as preset", { ...GOOD, preset: "constructor" }, /\/preset/],
  ["a preset of one's own", { ...GOOD, preset: { name: "mine", stages: [] } }, /\/preset/],
  ["a field that there is not", { ...GOOD, seconds: 15 }, /seconds/],
  ["metadata as text", about("title"), /\/metadata/],
  ["metadata as a list", about(["title"]), /\/metadata/],
  ["null as metadata", about(null), /\/metadata/],
  ["an empty title", about({ title: "" }), /\/metadata\/title/],
  ["a huge title", about({ title: "Coffee ".repeat(30) }), /\/metadata\/title/],
  ["a title of two lines", about({ title: "Coffee\nand tea" }), /\/metadata\/title/],
  ["a number as author", about({ author: 7 }), /\/metadata\/author/],
  ["a huge author", about({ author: "O".repeat(81) }), /\/metadata\/author/],
  ["a language that there is not", about({ language: "tlh" }), /\/metadata\/language/],
  ["nested metadata", about({ campaign: { name: "spring" } }), /\/metadata\/campaign/],
  ["a huge field of metadata", about({ campaign: "x".repeat(501) }), /\/metadata\/campaign/],
  [
    "too many fields of metadata",
    about(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`field${index}`, 1]))),
    /\/metadata.*more than 20 fields/,
  ],
];

/** Inputs of the right shape that no attempt can answer: the job fails at once with the code. */
export const FAILED: readonly FailedInput<Partial<PipelineInput>>[] = [
  ["emoji only", { content: "☕🌱🌞" }, "nothing-to-say", /no word to say/],
  ["signs only", { content: "*** --- ???" }, "nothing-to-say", /no word to say/],
  ["Arabic, from right to left", { content: "قهوة من أوسلو" }, "unsupported-script", /cannot show these letters: ق/],
  ["Chinese", { content: "来自奥斯陆的咖啡" }, "unsupported-script", /cannot show/],
  ["a title in Thai", { metadata: { language: "en", title: "กาแฟ" } }, "unsupported-script", /cannot show/],
  ["a word without end", { content: "a".repeat(300) }, "unreadable-content", /a word of 300 characters: a{20}…/],
  [
    "a sentence that is too long",
    { content: `${"coffee ".repeat(20).trim()}.` },
    "no-sentence-fits",
    /takes some 9 s, small has 5 s/,
  ],
];
