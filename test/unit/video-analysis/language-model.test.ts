import assert from "node:assert/strict";
import { boundText, loadLanguageModel } from "../../../functions/src/content/language-model.ts";

describe("the language model", () => {
  it("tags words with part of speech, stem and whether they carry meaning", () => {
    const words = loadLanguageModel().tag("The tigers sing");
    assert.deepEqual(words, [
      { value: "The", partOfSpeech: "DET", stem: "the", isStopWord: true },
      { value: "tigers", partOfSpeech: "NOUN", stem: "tiger", isStopWord: false },
      { value: "sing", partOfSpeech: "VERB", stem: "sing", isStopWord: false },
    ]);
  });

  it("tells the polarity of plain words, and nothing of others", () => {
    const { polarity } = loadLanguageModel();
    assert(polarity("beautiful") > 0.5);
    assert(polarity("terrible") < -0.5);
    assert.equal(polarity("table"), 0);
    assert.equal(polarity("constructor"), 0);
  });

  it("can be loaded for job after job", () => {
    for (let job = 0; job < 20; job += 1) loadLanguageModel();
    assert.equal(loadLanguageModel().tag("hello").length, 1);
  });
});

describe("boundText", () => {
  it("drops links and cuts long words and long texts", () => {
    assert.equal(boundText("see http://example.com/a?b=c now").replace(/ +/g, " "), "see now");
    assert.equal(boundText("ab".repeat(5000)), "ab".repeat(20));
    assert.equal(boundText("soooooo good"), "sooo good");
    assert.equal(boundText("word ".repeat(2000)).length, 2000);
  });
});
