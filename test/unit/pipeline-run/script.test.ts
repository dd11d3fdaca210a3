import assert from "node:assert/strict";
import { textToolsOf } from "../../../functions/src/content/text-tools.ts";
import { stemmerOf } from "../../../functions/src/content/words.ts";
import { analyseContent } from "../../../functions/src/jobs/pipeline-run/script/analyse-content.ts";
import { condense } from "../../../functions/src/jobs/pipeline-run/script/condense.ts";
import { planScript } from "../../../functions/src/jobs/pipeline-run/script/plan-script.ts";

/** A font of ASCII letters. */
const FONT = { missingIn: (text: string) => [...new Set(text)].filter((char) => char > "\u007f" && char !== "…") };

const read = (content: string, title?: string) => {
  const reading = analyseContent({ content, title, language: "en" }, FONT);
  assert.equal(reading.outcome, "read");
  return reading.outcome === "read" ? reading.analysis : assert.fail();
};

describe("the analysis of a content", () => {
  it("finds sentences, and lines without an end", () => {
    const { sentences } = read("Spring offer\nAll coffee is half price. Order today!");
    assert.deepEqual(sentences, ["Spring offer", "All coffee is half price.", "Order today!"]);
  });

  it("leaves out signs that the font lacks, and lines of signs alone", () => {
    assert.deepEqual(read("Coffee ☕ for all.\n☕☕\n***").sentences, ["Coffee for all."]);
  });

  it("parts a sentence that is too long to say at once, and loses no word", () => {
    const long = `${"one two three four five six seven ".repeat(12).trim()}.`;
    const { sentences } = read(long);
    assert.equal(sentences.join(" "), long);
    assert.deepEqual([sentences.length, sentences.every(({ length }) => length <= 160)], [3, true]);
  });

  it("takes the beginning as title, cut between words", () => {
    assert.equal(read("Fresh coffee. It is good.").title, "Fresh coffee");
    const long = "Our coffee comes from small farms in the high hills of Ethiopia and Kenya.";
    assert.equal(read(long).title, "Our coffee comes from small farms in the high hills of…");
    assert.equal(read(long, "Hills ☕").title, "Hills");
  });
});

describe("a condensed text", () => {
  const SENTENCES = [
    "Coffee grows on small farms in the hills.",
    "The weather was fine on Monday.",
    "Small farms grow coffee with care.",
    "Hills and farms make the coffee good.",
  ];

  it("is the whole text when there is room", async () => {
    assert.deepEqual(condense(SENTENCES, 60_000, await stemmerOf("en")), SENTENCES);
  });

  it("keeps the first sentence and what the text is most about, in order", async () => {
    const kept = condense(SENTENCES, 9000, await stemmerOf("en"));
    assert.deepEqual(kept, [SENTENCES[0], SENTENCES[2], SENTENCES[3]]);
  });

  it("is empty when no sentence fits", async () => {
    assert.deepEqual(condense(SENTENCES, 500, await stemmerOf("en")), []);
  });
});

describe("the plan of a script", () => {
  it("parts the sentences into scenes of about equal length, each with a line of its own", async () => {
    const sentences = [
      "Coffee grows on small farms in the hills.",
      "Families pick the ripe cherries by hand.",
      "Ships carry the green beans to Norway.",
      "Our roastery in Oslo works twice a week.",
    ];
    const target = { language: "en" as const, seconds: { least: 1, most: 15 }, sceneSeconds: 6 };
    const writing = planScript({ title: "From hill to cup", sentences }, target, await textToolsOf("en"));
    assert.equal(writing.outcome, "written");
    const { scenes, omittedSentences } = writing.outcome === "written" ? writing.script : assert.fail();
    assert.deepEqual(
      scenes.map(({ narration }) => narration.split("\n").length),
      [2, 2],
    );
    assert.deepEqual([scenes[0]?.caption, omittedSentences], ["From hill to cup", 0]);
    assert.notEqual(scenes[1]?.caption, scenes[0]?.caption);
  });

  it("has as many scenes as sentences at most, however long the time", async () => {
    const target = { language: "en" as const, seconds: { least: 60, most: 60 }, sceneSeconds: 7 };
    const analysis = { title: "Coffee", sentences: ["Coffee is here.", "Order it."] };
    const writing = planScript(analysis, target, await textToolsOf("en"));
    const { scenes } = writing.outcome === "written" ? writing.script : assert.fail();
    assert.deepEqual(
      scenes.map(({ caption }) => caption),
      ["Coffee", "Order it"],
    );
    const totalSeconds = scenes.reduce((sum, { seconds }) => sum + seconds, 0);
    assert.ok(Math.abs(totalSeconds - 60) < 0.2, `${totalSeconds} s`);
  });
});
