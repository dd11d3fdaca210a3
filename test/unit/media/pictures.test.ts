import assert from "node:assert/strict";
import { sceneCard, titleCard } from "../../../functions/src/media/cards/scene-card.ts";
import { svgDocument } from "../../../functions/src/media/cards/svg.ts";
import { type Fonts, loadFonts } from "../../../functions/src/media/fonts.ts";
import { rasterize } from "../../../functions/src/media/rasterize.ts";
import { planStills } from "../../../functions/src/media/stills.ts";
import { fitText } from "../../../functions/src/media/text-layout.ts";

const WIDE = { width: 1280, height: 720 };
const HOSTILE = `</text><script>alert(1)</script> & "quotes" \u0000\u0007 ]]> \uD800`;

describe("the bundled font", () => {
  let fonts: Fonts;
  before(async () => {
    fonts = await loadFonts();
  });

  it("has Latin, Greek and Cyrillic letters, and tells which others it lacks", () => {
    assert.deepEqual(fonts.missingIn("Grüße, żółw, naïve, Ελλάδα, щука, İstanbul: 1 + 2 = 3 €"), []);
    assert.deepEqual(fonts.missingIn("a م 植 م 🌱"), ["م", "植", "🌱"]);
  });

  it("breaks text into lines that fit, in the largest size, about equally long", () => {
    const box = { width: 600, maxLines: 2, weight: 400, sizes: [48, 32, 24] } as const;
    const { lines, size } = fitText(fonts, "Plants make their own food from sunlight and water", box);
    assert.deepEqual([lines, size], [["Plants make their own food", "from sunlight and water"], 32]);
    for (const line of lines) assert(fonts.widthOf(line, size, 400) <= 600);
  });

  it("cuts what fits in no size, and breaks words without blanks", () => {
    const box = { width: 300, maxLines: 2, weight: 700, sizes: [40] } as const;
    const long = fitText(fonts, "word ".repeat(100), box);
    assert.equal(long.lines.length, 2);
    assert.match(long.lines[1] ?? "", /…$/);
    const unbroken = fitText(fonts, "x".repeat(500), box);
    for (const line of [...long.lines, ...unbroken.lines]) assert(fonts.widthOf(line, 40, 700) <= 300, line);
    assert.deepEqual(fitText(fonts, "", box).lines, []);
  });
});

describe("a card", () => {
  it("is drawn in any proportion, with any text", async () => {
    const fonts = await loadFonts();
    for (const frame of [WIDE, { width: 720, height: 1280 }, { width: 1920, height: 1080 }]) {
      const card = { scene: 2, sceneCount: 5, heading: HOSTILE, note: HOSTILE, caption: HOSTILE, turn: 0.5 };
      const png = await rasterize(svgDocument(frame, sceneCard(fonts, frame, card)), fonts);
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [frame.width, frame.height]);
    }
    const svg = titleCard(fonts, WIDE, HOSTILE, HOSTILE);
    assert.equal(svg.includes("<script"), false);
  });
});

describe("the pictures of a video", () => {
  const scenes = [
    { heading: "One", startMs: 0, endMs: 4000 },
    { heading: "Two", startMs: 4000, endMs: 8000 },
  ];
  const cues = [
    { startMs: 400, endMs: 3600, text: "First caption" },
    { startMs: 4400, endMs: 7600, text: "Second caption" },
  ];

  it("last exactly as long as the scenes, and show each caption in its time", async () => {
    const fonts = await loadFonts();
    const stills = planStills(fonts, scenes, cues, { frame: WIDE, hasCaptions: true });
    assert.equal(
      stills.reduce((sum, { frames }) => sum + frames, 0),
      200,
    );
    assert(stills.every(({ frames }) => frames > 0));
    const framesWith = (text: string) =>
      stills.filter(({ svg }) => svg.includes(text)).reduce((sum, { frames }) => sum + frames, 0);
    assert.deepEqual([framesWith("First caption"), framesWith("Second caption")], [80, 80]);
    // The first scene shows through the first eight frames of the second.
    assert.equal(framesWith(">One<"), 108);
  });

  it("have no caption where subtitles are a file of their own", async () => {
    const stills = planStills(await loadFonts(), scenes, cues, { frame: WIDE, hasCaptions: false });
    assert.equal(
      stills.some(({ svg }) => svg.includes("caption")),
      false,
    );
  });
});
