import assert from "node:assert/strict";
import fc from "fast-check";
import { cleanText } from "../../../functions/src/jobs/video-analysis/clean-text.ts";

describe("cleanText", () => {
  const cases: [name: string, raw: string, clean: string][] = [
    ["named and numeric entities", "I&#39;m here &amp; &quot;there&quot; &lt;3 &#x1F600;", `I'm here & "there" <3 😀`],
    ["doubly encoded entities once", "&amp;lt;b&amp;gt;", "&lt;b&gt;"],
    ["line breaks and tags", "one<br />two <b>three</b>", "one\ntwo three"],
    ["a link as its own text", '<a href="http://youtube.com/watch?v=x&amp;t=3m40s">3:40</a> is best', "3:40 is best"],
    ["marks without width", "\uFEFFhello\u200B world\uFEFF", "hello world"],
    ["blanks of every kind", "  a\u00A0 \t b\r\n\n\n\nc  ", "a b\n\nc"],
    ["a heart, which is no tag", "I <3 this <and> that", "I <3 this <and> that"],
    ["entities that name nothing", "&nosuch; &#0; &#xD800; &#9999999; AT&T", "&nosuch; &#0; &#xD800; &#9999999; AT&T"],
    ["a family, whose joiners stay", "👨‍👩‍👧", "👨‍👩‍👧"],
  ];
  for (const [name, raw, clean] of cases) {
    it(`reads ${name}`, () => assert.equal(cleanText(raw), clean));
  }

  it("never throws, and never makes a text of plain letters longer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (raw) => cleanText(raw).length <= raw.length + 300),
    );
  });
});
