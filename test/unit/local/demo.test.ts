import assert from "node:assert/strict";
import { bar, type Paint, shorten, wrap } from "../../../local/demo/paint.ts";
import { renderAnalysis } from "../../../local/demo/render-analysis.ts";

const plain: Paint = (_style, text) => text;

describe("the demo's drawing", () => {
  it("draws bars exact to an eighth of a character", () => {
    assert.deepEqual(
      [bar(0, 4), bar(0.5, 4), bar(0.28125, 4), bar(1, 4), bar(1.5, 4)],
      ["", "██", "█▏", "████", "████"],
    );
  });

  it("breaks text between words and cuts a word that is too long", () => {
    assert.deepEqual(wrap("one two three aVeryLongWord", 8), ["one two", "three", "aVeryLo…"]);
  });

  it("drops control characters, which could move a terminal's cursor", () => {
    assert.equal(shorten("a\u001b[2Jb\nc", 20), "a[2Jb c");
  });

  it("draws counts with their share and leaves out what was switched off", () => {
    const output = {
      comments: [{ index: 0 }, { index: 1 }],
      sentiment: { positive: 1, neutral: 1, negative: 0, averageScore: 0 },
    };
    assert.deepEqual(renderAnalysis(output, 38, plain), [
      "",
      "How they feel",
      "  positive    █████ 1 (50%)",
      "  neutral     █████ 1 (50%)",
      "  negative    0 (0%)",
    ]);
  });

  it("draws the result of no comments at all", () => {
    const output = {
      comments: [],
      sentiment: { positive: 0, neutral: 0, negative: 0, averageScore: 0 },
      summary: "No comments.",
    };
    assert.equal(renderAnalysis(output, 40, plain).includes("  positive    0 (0%)"), true);
  });
});
