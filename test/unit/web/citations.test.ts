import assert from "node:assert/strict";
import {
  documentTexts,
  isContentOutput,
  pageOf,
  quotedSources,
} from "../../../web/src/job-views/content-generate/citations.ts";
import type { ContentOutput } from "../../../web/src/job-views/content-generate/types.ts";

const QUOTE = "Bees beat their wings 230 times a second.";
const TEXT = `${"Before. ".repeat(20)}${QUOTE}${" After.".repeat(20)}`;
const OWN = { source: 0, start: 160, end: 201, quote: QUOTE };
const OF_PAGE = { source: 1, start: 0, end: 8, quote: "Well-fed bees,\nand" };

const OUTPUT: ContentOutput = {
  understanding: { title: "T", topic: "bees", intent: "explain", level: "beginner", entities: [], keywords: [] },
  sources: [
    { title: "Bees" },
    { title: "A page", url: "https://a.example/bees#top" },
    { title: "javascript:alert(1)", url: "javascript:alert(1)", failure: { code: "x", message: "No page." } },
  ],
  script: {
    title: "T",
    writer: "extractive",
    scenes: [
      { narration: "N", caption: "C", seconds: 5, citations: [OWN, OF_PAGE] },
      { narration: "M", caption: "D", seconds: 5, citations: [OWN] },
    ],
  },
  files: {},
};

describe("the citations of a video", () => {
  it("lead to the page, at the quote", () => {
    const quote = "Well%2Dfed%20bees%2C%20and";
    assert.equal(pageOf(OF_PAGE, OUTPUT.sources), `https://a.example/bees#:~:text=${quote}`);
    assert.equal(pageOf(OWN, OUTPUT.sources), undefined);
    assert.equal(pageOf({ ...OWN, source: 2 }, OUTPUT.sources), undefined);
  });

  it("lead to their place in a text of the input, once, with what stands around it", () => {
    const [own, page, failed] = quotedSources(OUTPUT, [TEXT]);
    assert.deepEqual(own?.quotes, [
      {
        id: "quote-0-160-201",
        before: `…${" Before.".repeat(14)} `,
        quote: QUOTE,
        after: `${" After.".repeat(17)} …`,
      },
    ]);
    assert.deepEqual(page?.quotes[0], { id: "quote-1-0-8", before: "", quote: OF_PAGE.quote, after: "" });
    assert.deepEqual([failed?.href, failed?.failure, failed?.quotes], [undefined, "No page.", []]);
  });

  it("are quotes alone where this tab does not know the text, or knows another one", () => {
    for (const texts of [[], ["Another text"]]) {
      const [own] = quotedSources(OUTPUT, texts);
      assert.deepEqual(own?.quotes, [{ id: "quote-0-160-201", before: "", quote: QUOTE, after: "" }]);
    }
  });

  it("take the texts of the submitted input, whatever it is", () => {
    assert.deepEqual(documentTexts({ documents: [{ text: "a" }, 7] }), ["a", ""]);
    assert.deepEqual([documentTexts(undefined), documentTexts({ documents: "a" })], [[], []]);
    assert.deepEqual(
      [isContentOutput(OUTPUT), isContentOutput({ script: {} }), isContentOutput(null)],
      [true, false, false],
    );
  });
});
