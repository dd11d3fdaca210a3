import assert from "node:assert/strict";
import fc from "fast-check";
import { loadLanguageModel } from "../../../functions/src/content/language-model.ts";
import { languageOf } from "../../../functions/src/jobs/video-analysis/language.ts";
import { sentimentOf, sentimentScore } from "../../../functions/src/jobs/video-analysis/sentiment.ts";

const { polarity } = loadLanguageModel();
const feel = (text: string) => sentimentOf(sentimentScore(text, polarity));

const POSITIVE = [
  "I love this song so much!!!",
  "Best song ever",
  "Awesome video",
  "Great video, thanks!",
  "this never gets old",
  "can't stop listening to this",
  "not bad at all",
  "no complaints, excellent work",
  "isn't this amazing",
  "i've never seen anything so good",
  "I hated it at first but now I love it",
  "loooooove iiiit",
  "this slaps",
  "Nobody does it better",
  "This changed my life",
  "10/10",
  "😍😍😍",
  "<3 <3",
  "Me encanta esta canción 😍",
  "Katy perry songs aren't that bad",
];
const NEGATIVE = [
  "I hate this song",
  "worst song ever",
  "This is not good at all",
  "i dont like it",
  "what a waste of time",
  "so boring and annoying",
  "good video but the music is way too loud",
  "pretty boring",
  "clickbait",
  "0/10 would not recommend",
  "thanks for nothing",
  "👎👎",
  "Terrible audio, couldn't hear a thing",
  "It is a piece of shit",
];
const NEUTRAL = [
  "",
  "   ",
  "first",
  "I'm watching this in 2014",
  "2 billion views",
  "What is the best camera for beginners?",
  "like this comment if you are from Brazil",
  "Katy Perry - Roar (Official): http://youtu.be/CevxZvSJLk8",
  "Das ist nicht gut, die Musik ist bad",
  "Me encanta esta canción",
  "c'est nul, pas bon pour les amis",
  "Потрясающе",
  "非常好",
  "lol",
  "🎸",
];

describe("sentimentScore", () => {
  for (const text of POSITIVE)
    it(`hears praise in ${JSON.stringify(text)}`, () => assert.equal(feel(text), "positive"));
  for (const text of NEGATIVE)
    it(`hears a complaint in ${JSON.stringify(text)}`, () => assert.equal(feel(text), "negative"));
  for (const text of NEUTRAL) it(`knows nothing of ${JSON.stringify(text)}`, () => assert.equal(feel(text), "neutral"));

  it("is stronger for stronger words, shouting among calm words, and exclamation marks", () => {
    const good = sentimentScore("this is good", polarity);
    assert(sentimentScore("this is very good", polarity) > good);
    assert(sentimentScore("this is GOOD", polarity) > good);
    assert(sentimentScore("this is good!!!", polarity) > good);
    assert(sentimentScore("this is somewhat good", polarity) < good);
  });

  it("stays within -1 and 1 and has no more than three decimals, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
        const score = sentimentScore(text, polarity);
        return score >= -1 && score <= 1 && Number(score.toFixed(3)) === score;
      }),
    );
  });

  it("draws the lines at 0.2 and -0.2", () => {
    assert.deepEqual([0.2, 0.199, 0, -0.199, -0.2].map(sentimentOf), [
      "positive",
      "neutral",
      "neutral",
      "neutral",
      "negative",
    ]);
  });
});

describe("languageOf", () => {
  const cases: [text: string, language: string][] = [
    ["I love this", "english"],
    ["wow", "english"],
    ["Esta canción es muy buena", "other"],
    ["Das ist ein schönes Lied", "other"],
    ["これは素晴らしい", "other"],
    ["हिन्दी गाना", "other"],
    ["12:30 😀", "none"],
    ["", "none"],
  ];
  for (const [text, language] of cases) {
    it(`takes ${JSON.stringify(text)} for ${language}`, () => assert.equal(languageOf(text), language));
  }
});
