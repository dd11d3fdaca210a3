import assert from "node:assert/strict";
import { classify } from "../../../functions/src/jobs/video-analysis/classify.ts";
import { questionsIn } from "../../../functions/src/jobs/video-analysis/questions.ts";

describe("classify", () => {
  it("puts spam before everything", () => assert.equal(classify("Will you subscribe?", true, "positive"), "spam"));

  const suggestions = [
    "You should make a video about sourdough",
    "Please do a tutorial on React hooks",
    "It would be great if you added subtitles",
    "I wish the audio was louder",
    "Can you make a part 2?",
    "Next time try using a tripod",
    "Would love to see a longer version",
    "I suggest you slow down a bit",
    "You could have explained this better",
  ];
  for (const text of suggestions) {
    it(`takes ${JSON.stringify(text)} for a suggestion`, () =>
      assert.equal(classify(text, false, "neutral"), "suggestion"));
  }

  it("takes an opinion without question or wish for praise or criticism, and none for other", () => {
    assert.equal(classify("Lovely", false, "positive"), "praise");
    assert.equal(classify("Awful", false, "negative"), "criticism");
    assert.equal(classify("I was here", false, "neutral"), "other");
    assert.equal(classify("", false, "neutral"), "other");
  });

  it("takes an outburst that holds a short question for the outburst", () => {
    const rant = "I hate this. Why? Because the whole thing is badly sung, badly shot, badly cut and far too long.";
    assert.equal(classify(rant, false, "negative"), "criticism");
    assert.equal(classify("Why is this so bad?", false, "negative"), "question");
  });
});

describe("questionsIn", () => {
  const questions = [
    "What camera do you use?",
    "how do i install this",
    "does anyone know the song at 2:30",
    "what time is it over there",
    "where is part 2",
    "How old is Katy perry?",
    "Song name??",
    "¿Dónde puedo comprar esto?",
    "これはどこですか？",
    "هل هذا حقيقي؟",
    "Are you serious?!",
  ];
  for (const text of questions) it(`finds ${JSON.stringify(text)}`, () => assert.deepEqual(questionsIn(text), [text]));

  const others = [
    "Love this, right?",
    "lol?",
    "???",
    "what a song!",
    "How cute is this cat",
    "http://x.com/?q=what",
    "😀",
    "",
  ];
  for (const text of others) it(`finds none in ${JSON.stringify(text)}`, () => assert.deepEqual(questionsIn(text), []));

  it("does not mind an emoji behind the mark", () => {
    assert.deepEqual(questionsIn("Are you serious?! 😂"), ["Are you serious?!"]);
  });

  it("gives the question alone, as it stands in the text", () => {
    assert.deepEqual(questionsIn("Nice one. Where was it filmed? I liked it."), ["Where was it filmed?"]);
  });
});
