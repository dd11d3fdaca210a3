import assert from "node:assert/strict";
import fc from "fast-check";
import { storableText } from "../../../engine/src/kit/payload-limits.ts";

describe("a text that is cut", () => {
  for (const [text, max, cut] of [
    ["abc", 3, "abc"],
    ["ab😀", 3, "ab"],
    ["a👩‍👩‍👧", 6, "a"],
    ["e\u0301e\u0301", 3, "e\u0301"],
    ["🇩🇪🇫🇷", 6, "🇩🇪"],
    ["\ud83d", 1, "\ufffd"],
  ] as const) {
    it(`ends between two characters: ${JSON.stringify(text)} at ${max}`, () =>
      assert.equal(storableText(text, max), cut));
  }

  it("ends between code points where the platform cannot tell characters apart", async () => {
    const { Segmenter } = Intl;
    const anotherCopy = "../../../protocol/src/text.ts?another-copy";
    Reflect.deleteProperty(Intl, "Segmenter");
    try {
      const text = await import(anotherCopy);
      assert.equal(text.storableText("ab😀", 3), "ab");
    } finally {
      Object.assign(Intl, { Segmenter });
    }
  });

  it("is well-formed, no longer than asked, and a beginning of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, max) => {
        const cut = storableText(text, max);
        assert.ok(cut.isWellFormed() && cut.length <= max && text.toWellFormed().startsWith(cut));
      }),
    );
  });
});
