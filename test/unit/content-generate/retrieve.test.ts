import assert from "node:assert/strict";
import { bm25 } from "../../../functions/src/content/bm25.ts";
import { asSpoken, segmentsOf, splitPassages } from "../../../functions/src/content/split-passages.ts";
import type { TextTools } from "../../../functions/src/content/text-tools.ts";
import { cosine, loadWordVectors, unpack } from "../../../functions/src/content/word-vectors.ts";
import { stemmerOf, wordsOf } from "../../../functions/src/content/words.ts";
import { retrieve } from "../../../functions/src/jobs/content-generate/rag/retrieve.ts";
import { PHOTOSYNTHESIS } from "../../support/learning-sources.ts";

describe("passages", () => {
  it("are found in linear time, whatever the text is made of", () => {
    const before = process.cpuUsage();
    for (const part of ["a", "Plants make food. ", "plants ", "Dr. ", "[12]", "Plants\n", " \r", '."']) {
      const text = part.repeat(200_000 / part.length);
      for (const { start, end } of splitPassages(text, 0, "en")) assert.ok(end <= text.length && start < end);
    }
    const { user } = process.cpuUsage(before);
    // With a quadratic pattern each of them takes 20 s.
    assert.ok(user < 4_000_000, `${user / 1000} ms`);
  });

  it("hold every sentence once, at its place in the text", () => {
    for (const { text } of PHOTOSYNTHESIS) {
      const sentences = splitPassages(text, 0, "en").flatMap((passage) => passage.sentences);
      for (const sentence of sentences) assert.equal(sentence.text, asSpoken(text.slice(sentence.start, sentence.end)));
      const starts = sentences.map(({ start }) => start);
      assert.deepEqual(
        starts,
        [...new Set(starts)].sort((a, b) => a - b),
      );
    }
    const all = splitPassages(PHOTOSYNTHESIS[0]?.text ?? "", 0, "en").flatMap((passage) => passage.sentences);
    assert.equal(all.length, 19);
    assert.equal(all[0]?.text.slice(0, 29), "Photosynthesis is the process");
  });

  it("join lines that a layout broke, and drop reference numbers", () => {
    const text =
      "In weak light, more light means more food, because the\nlight reactions limit the speed of the process.[1] Next one.";
    assert.deepEqual(
      splitPassages(text, 0, "en").flatMap(({ sentences }) => sentences.map((sentence) => sentence.text)),
      [
        "In weak light, more light means more food, because the light reactions limit the speed of the process.",
        "Next one.",
      ],
    );
  });

  it("leave out headings and lists without an end, and end no sentence at an abbreviation", () => {
    const text =
      "A Heading\nDr. Smith met Prof. Jones, i.e. his teacher.\n\n- first\n- second\n\nThe end came at 9 p.m. It rained.";
    assert.deepEqual(
      splitPassages(text, 0, "en").flatMap(({ sentences }) => sentences.map((sentence) => sentence.text)),
      ["Dr. Smith met Prof. Jones, i.e. his teacher.", "The end came at 9 p.m.", "It rained."],
    );
  });

  it("leave out what has no end for too long", () => {
    const passages = splitPassages(`${"link text ".repeat(200)}. A sentence of prose follows.`, 0, "en");
    assert.deepEqual(
      passages.flatMap(({ sentences }) => sentences.map(({ text }) => text)),
      ["A sentence of prose follows."],
    );
  });

  it("are of any text, also an empty one", () => {
    for (const text of ["", "\n\n\n", "no end", "\u0000\u0001", "a".repeat(10_000), "...", "🙂. 🙂."]) {
      assert(splitPassages(text, 0, "en").every(({ start, end }) => start < end && end <= text.length));
    }
    assert.deepEqual(
      segmentsOf("One. Two", "en").map(({ text }) => text),
      ["One.", "Two"],
    );
  });
});

describe("BM25", () => {
  const index = bm25([["sun", "light", "leaf"], ["leaf", "leaf", "water"], ["stone"]]);

  it("prefers rare words, repeated ones and short texts", () => {
    assert(index.rarity("sun") > index.rarity("leaf"));
    const [one = 0, two = 0, none] = index.scores(new Map([["leaf", 1]]));
    assert(two > one && one > 0);
    assert.equal(none, 0);
    assert.deepEqual(index.scores(new Map([["absent", 1]])), [0, 0, 0]);
    assert.deepEqual(bm25([]).scores(new Map([["leaf", 1]])), []);
  });
});

describe("word vectors", () => {
  it("put alike words near each other", async () => {
    const vectors = await loadWordVectors();
    const alike = (one: string, other: string) => cosine(vectors.meanOf([one]), vectors.meanOf([other]));
    for (const [one, near, far] of [
      ["king", "queen", "banana"],
      ["doctor", "hospital", "guitar"],
      ["car", "vehicle", "sonnet"],
      ["photosynthesis", "chlorophyll", "parliament"],
    ] as const) {
      assert(alike(one, near) > alike(one, far) + 0.2, `${one}: ${alike(one, near)} and ${alike(one, far)}`);
    }
    assert.equal(vectors.meanOf(["qqzzx"]), undefined);
    assert((vectors.rankOf("the") ?? 0) < (vectors.rankOf("chlorophyll") ?? 0));
  });

  it("are unpacked from four bits a number", () => {
    const packed = {
      dimensions: 3,
      words: "up down",
      vectors: Buffer.from([0xe7, 0x70, 0x07, 0x7e]).toString("base64"),
    };
    const { meanOf } = unpack(packed);
    assert.deepEqual([...(meanOf(["up"]) ?? [])], [1, 0, 0]);
    assert.deepEqual([...(meanOf(["down"]) ?? [])], [-1, 0, 0]);
    assert.equal(cosine(meanOf(["up"]), undefined), 0);
  });
});

describe("retrieval", () => {
  let tools: TextTools;
  before(async () => {
    tools = { stem: await stemmerOf("en"), vectors: await loadWordVectors() };
  });
  const find = (keywords: string[], interests: string[] = [], texts = PHOTOSYNTHESIS) =>
    retrieve(texts, { keywords, interests, language: "en" }, tools);

  it("finds what the question asks, best first, with its place in the source", () => {
    const [best] = find(["carbon", "dioxide", "enters", "leaf"]);
    assert.equal(best?.id, "p1");
    assert.equal(best?.score, 1);
    assert.match(
      PHOTOSYNTHESIS[best?.source ?? 0]?.text.slice(best?.start, best?.end) ?? "",
      /^Plants make their own food/,
    );
  });

  it("finds another form of a word", () => {
    assert.match(find(["greenhouse"])[0]?.sentences[0]?.text ?? "", /greenhouses/);
  });

  it("finds what has the meaning and not the word", () => {
    const texts = [
      {
        title: "",
        text: "The physician examined patients at the hospital and prescribed medicine.\n\nThe violin and the cello played a sonata.",
      },
    ];
    assert.match(find(["doctor", "clinic", "illness"], [], texts)[0]?.sentences[0]?.text ?? "", /^The physician/);
  });

  it("lets an interest decide between passages that fit alike", () => {
    const texts = [{ title: "", text: "Energy moves trains in the city.\n\nEnergy moves ships on the ocean." }];
    assert.match(find(["energy"], ["sailing ocean"], texts)[0]?.sentences[0]?.text ?? "", /ships/);
    assert.match(find(["energy"], ["city subway"], texts)[0]?.sentences[0]?.text ?? "", /trains/);
  });

  it("finds nothing where the sources say nothing", () => {
    assert.deepEqual(find(["napoleon", "waterloo"]), []);
    assert.deepEqual(find(["plants"], [], [{ title: "", text: "" }]), []);
  });

  it("reads 400,000 characters in two seconds", () => {
    const text = (PHOTOSYNTHESIS[0]?.text ?? "").repeat(250).slice(0, 400_000);
    const startedAt = performance.now();
    assert.equal(find(["plants", "food"], [], [{ title: "", text }]).length, 24);
    // Ten times what it takes on an idle machine.
    assert(performance.now() - startedAt < 10_000);
  });
});

describe("words", () => {
  it("are of any alphabet, in lower case", () => {
    assert.deepEqual(wordsOf("Die Pflanze's Größe: 3 ЁЖ, naïve—and it’s"), [
      "die",
      "pflanze's",
      "größe",
      "3",
      "ёж",
      "naïve",
      "and",
      "it’s",
    ]);
  });

  it("share a stem with their other forms", async () => {
    const [english, german] = [await stemmerOf("en"), await stemmerOf("de")];
    assert.equal(english("reactions"), english("reaction"));
    assert.equal(english("plant's"), english("plants"));
    assert.equal(german("pflanzen"), german("pflanze"));
  });
});
