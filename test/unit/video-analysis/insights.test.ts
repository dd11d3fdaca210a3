import assert from "node:assert/strict";
import { loadLanguageModel } from "../../../functions/src/content/language-model.ts";
import { findThemes } from "../../../functions/src/jobs/video-analysis/themes.ts";
import { findTopQuestions } from "../../../functions/src/jobs/video-analysis/top-questions.ts";

const model = loadLanguageModel();
const themesOf = (comments: { text: string; likes?: number; score?: number }[], withSentiment = true) =>
  findThemes(
    comments.map(({ text, likes = 0, score = 0 }, index) => ({ index, text, likes, score, words: model.tag(text) })),
    withSentiment,
  );

describe("findThemes", () => {
  it("names what several comments speak of, with count, feeling and examples, the most liked first", () => {
    const [first] = themesOf([
      { text: "The guitar solo is wonderful", score: 0.6 },
      { text: "That guitar solo gave me chills", score: 0.5, likes: 9 },
      { text: "I came for the guitar solo", score: 0 },
      { text: "Hello from Norway" },
    ]);
    assert.deepEqual(first, {
      label: "guitar solo",
      phrases: ["guitar solo", "guitar", "solo"],
      count: 3,
      sentiment: "positive",
      examples: [
        { index: 1, text: "That guitar solo gave me chills" },
        { index: 0, text: "The guitar solo is wonderful" },
        { index: 2, text: "I came for the guitar solo" },
      ],
    });
  });

  it("counts singular and plural as one, and a comment once however often it says it", () => {
    const themes = themesOf([{ text: "the tiger and the tiger" }, { text: "two tigers" }]);
    assert.deepEqual(
      themes.map(({ label, count }) => [label, count]),
      [["tiger", 2]],
    );
  });

  it("writes a name as most comments do, and the whole of it", () => {
    const themes = themesOf([
      { text: "Katy Perry is back" },
      { text: "I saw Katy Perry live" },
      { text: "KATY PERRY" },
      { text: "Katy is great" },
    ]);
    assert.equal(themes[0]?.label, "Katy Perry");
    assert.equal(themes[0]?.count, 4);
  });

  it("leaves out the sentiment when it is not wanted", () => {
    const [theme] = themesOf([{ text: "nice piano" }, { text: "the piano" }], false);
    assert.equal(theme?.label, "piano");
    assert(theme !== undefined && !("sentiment" in theme));
  });

  it("shows no text twice, and cuts long ones", () => {
    const [theme] = themesOf([
      { text: "the piano!" },
      { text: "The piano" },
      { text: `the piano ${"plays on and ".repeat(60)}` },
    ]);
    assert.equal(theme?.count, 3);
    assert.equal(theme?.examples.length, 2);
    assert(theme?.examples.every(({ text }) => text.length <= 280));
  });

  it("finds nothing where nothing is shared", () => {
    assert.deepEqual(themesOf([]), []);
    assert.deepEqual(themesOf([{ text: "piano" }, { text: "😀😀" }, { text: "" }]), []);
  });

  it("merges 60,000 nouns that each occur twice in under a second", () => {
    const word = (value: string) => ({ value, partOfSpeech: "NOUN", stem: value, isStopWord: false });
    const letters = (n: number) => n.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "");
    const texts = Array.from({ length: 60 }, (_, at) =>
      Array.from({ length: 1000 }, (_word, n) => [
        word(`made${letters(at * 1000 + n)}`),
        { ...word("a"), partOfSpeech: "X" },
      ]).flat(),
    );
    const comments = [...texts, ...texts].map((words, index) => ({
      index,
      text: "made up",
      likes: 0,
      score: 0,
      words,
    }));
    const before = process.cpuUsage();
    assert.equal(findThemes(comments, true).length, 8);
    const { user, system } = process.cpuUsage(before);
    // About 0.2 s; each compared with each took 100 times as long.
    assert((user + system) / 1000 < 2000);
  });

  it("gives the same themes each time, eight at most", () => {
    const nouns = "piano guitar drums bass violin flute trumpet harp organ cello".split(" ");
    const comments = nouns.flatMap((noun) => [{ text: `I hear the ${noun}` }, { text: `this ${noun} again` }]);
    assert.equal(themesOf(comments).length, 8);
    assert.deepEqual(themesOf(comments), themesOf(comments));
  });
});

describe("findTopQuestions", () => {
  it("puts the most liked first, then those that ask more", () => {
    const questions = findTopQuestions([
      { index: 0, text: "Why?" },
      { index: 1, text: "Which microphone and camera did you use for the night scene?" },
      { index: 2, text: "Nice. What is the song?", likes: 3 },
      { index: 3, text: "No question here", likes: 50 },
    ]);
    assert.deepEqual(questions, [
      { index: 2, text: "What is the song?", likes: 3 },
      { index: 1, text: "Which microphone and camera did you use for the night scene?" },
    ]);
  });

  it("asks the same thing once, and five things at most", () => {
    const asked = "camera lens tripod editor music intro studio".split(" ");
    const questions = findTopQuestions(
      asked.flatMap((thing, at) => [
        { index: at * 2, text: `What ${thing} model is that?` },
        { index: at * 2 + 1, text: `what ${thing} model is that??` },
      ]),
    );
    assert.equal(questions.length, 5);
    assert.equal(new Set(questions.map(({ text }) => text.toLowerCase().replaceAll("?", ""))).size, 5);
  });
});
