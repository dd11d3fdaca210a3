import assert from "node:assert/strict";
import fc from "fast-check";
import { excerptsWithin } from "../../../functions/src/jobs/video-analysis/excerpts.ts";

describe("excerptsWithin", () => {
  it("leaves texts whole that are short enough together, on one line each", () => {
    assert.deepEqual(excerptsWithin(["Great!", " first\n second ", ""], 300, 1000), ["Great!", "first second", ""]);
  });

  it("cuts one text at the most characters, at a blank", () => {
    assert.deepEqual(excerptsWithin(["a very good video indeed"], 20, 1000), ["a very good video…"]);
  });

  it("cuts the longest to one size when the budget is short, and leaves short ones whole", () => {
    const texts = ["ok", "abcdefghijklmnopqrst", "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    // 2 and 10 bytes stay; 36 of the 48 are left for two.
    assert.deepEqual(excerptsWithin(texts, 300, 48), ["ok", "abcdefghijklmno…", "0123456789", "ABCDEFGHIJKLMNO…"]);
  });

  it("counts what a character takes in JSON", () => {
    assert.deepEqual(excerptsWithin(['"""""""', "\u0001\u0001\u0001"], 300, 20), ['"""…', "\u0001…"]);
  });

  it("never parts a surrogate pair, and mends one that came parted", () => {
    assert.deepEqual(excerptsWithin(["😀😀😀😀"], 300, 12), ["😀😀…"]);
    assert.deepEqual(excerptsWithin(["😀😀😀😀"], 6, 1000), ["😀😀…"]);
    assert.deepEqual(excerptsWithin(["a\uD83D"], 300, 1000), ["a\uFFFD"]);
  });

  it("never parts an emoji that is joined from several", () => {
    assert.deepEqual(excerptsWithin(["👩‍👩‍👧👩‍👩‍👧"], 300, 30), ["👩‍👩‍👧…"]);
    assert.deepEqual(excerptsWithin(["👩‍👩‍👧👩‍👩‍👧"], 14, 1000), ["👩‍👩‍👧…"]);
  });

  it("keeps to both bounds whatever the texts are", () => {
    const texts = fc.array(fc.string({ unit: "binary", maxLength: 80 }), { maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 90, max: 900 }), (given, budget) => {
        const excerpts = excerptsWithin(given, 40, budget);
        assert.equal(excerpts.length, given.length);
        assert.ok(excerpts.every((text) => text.length <= 40 && text.isWellFormed()));
        assert.ok(excerpts.reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)) - 2, 0) <= budget);
      }),
    );
  });
});
