import assert from "node:assert/strict";
import model from "../../../functions/src/jobs/video-analysis/spam.model.json" with { type: "json" };
import { isSpam } from "../../../functions/src/jobs/video-analysis/spam.ts";
import { spamFeatures, spamWords } from "../../../functions/src/jobs/video-analysis/spam-features.ts";
import { labelledComment, scoreHeldOut, trainSpamModel } from "../../../functions/training/spam-training.ts";

describe("the spam model", () => {
  const spam = [
    "Subscribe to my channel please",
    "plzz sub to me, i sub back",
    "Check out my new rap video guys",
    "Hey everyone, come and visit my page http://example.com/page",
    "Earn $500 a day from home, click here www.example.com",
    "+447911123456 lovely girl talk to me",
    "Contact him on Telegram, he helped me earn 5000 usd weekly in crypto investment",
    "Follow me on instagram",
    "Check out this video on YouTube:",
    "https://example.com/win",
  ];
  for (const text of spam) it(`finds ${JSON.stringify(text)}`, () => assert(isSpam(model, text)));

  const honest = [
    "Love this song",
    "Where can I buy the album?",
    "Subscribed! great channel",
    "This video helped me so much, thank you for your work",
    "2 billion views wow",
    "please make a tutorial on pasta",
    "My favourite part is at 3:40",
    "she has 14,000,000 subscribers",
    "can you check the audio, it is out of sync",
    "Me encanta esta canción",
    "これは素晴らしい",
    "😀😀",
    "",
  ];
  for (const text of honest) it(`lets ${JSON.stringify(text)} pass`, () => assert(!isSpam(model, text)));
});

describe("spamWords", () => {
  it("folds spellings, links, amounts, times and stretched letters", () => {
    assert.deepEqual(
      spamWords("Plzzz SUBSCIRBE to my chanel!!! http://x.com/a youtu.be/abc kidsmedia . com $50 3:40 soooo 123"),
      ["please", "subscribe", "to", "my", "channel", "_url", "_yturl", "_site", "_money", "_time", "so", "_num"],
    );
  });

  it("folds letters that only look different", () => {
    assert.deepEqual(spamWords("ｓｕｂｓｃｒｉｂｅ 𝐧𝐨𝐰"), ["subscribe", "now"]);
  });

  it("tells a subscriber from an author who asks for subscriptions", () => {
    assert(spamFeatures("please subscribe").has("s:asks-subscribe"));
    assert(!spamFeatures("I subscribed").has("s:asks-subscribe"));
  });
});

describe("training", () => {
  const comments = ["one", "two", "three"].flatMap((video) =>
    Array.from({ length: 12 }, (_, at) => [
      labelledComment(video, `please subscribe to my channel ${at}`, true),
      labelledComment(video, `${video} is a lovely song number ${at}`, false),
    ]).flat(),
  );

  it("gives the same model for the same comments", () => {
    assert.deepEqual(trainSpamModel(comments), trainSpamModel(comments));
  });

  it("finds the spam of a video it has not seen", () => {
    assert.deepEqual(scoreHeldOut(comments, "three"), { f1: 1, precision: 1, recall: 1 });
  });

  it("gives no weight to a word of one video only", () => {
    const { weights } = trainSpamModel(comments).model;
    assert(Object.hasOwn(weights, "w:lovely"));
    assert(!Object.hasOwn(weights, "w:three"));
  });
});
