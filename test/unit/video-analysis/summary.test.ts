import assert from "node:assert/strict";
import type { CommentClass, Sentiment } from "../../../functions/src/jobs/video-analysis/schemas.ts";
import { excerpt, sentencesOf } from "../../../functions/src/jobs/video-analysis/sentences.ts";
import { summarize } from "../../../functions/src/jobs/video-analysis/summary.ts";

const comment = (text: string, sentiment: Sentiment = "neutral", kind: CommentClass = "other", likes = 0) => ({
  text,
  sentiment,
  class: kind,
  likes,
});
const feel = (text: string): Sentiment =>
  text.includes("love") ? "positive" : text.includes("hate") ? "negative" : "neutral";

describe("summarize", () => {
  it("says so when there is nothing to sum up", () => {
    assert.equal(summarize([], feel), "There are no comments to analyse.");
    assert.equal(summarize([comment("buy now", "neutral", "spam")], feel), "1 comment, all of it spam.");
  });

  it("counts on its first line", () => {
    const comments = [
      comment("I love it", "positive", "praise"),
      comment("why is that?", "neutral", "question"),
      comment("I hate it", "negative", "criticism"),
      comment("sub to me", "neutral", "spam"),
    ];
    const [line] = summarize(comments, feel).split("\n");
    assert.equal(line, "4 comments, 1 of them spam. The others: 33% positive, 33% neutral, 33% negative; 1 question.");
  });

  it("quotes sentences as they are, both sides of the opinion, and no spam", () => {
    const comments = [
      comment("I love the guitar solo in the middle. Bye.", "positive", "praise"),
      comment("You have to love the guitar solo here", "positive", "praise"),
      comment("I hate the drums in the second verse", "negative", "criticism"),
      comment("Come visit the guitar solo channel of mine", "neutral", "spam"),
    ];
    const lines = summarize(comments, feel).split("\n").slice(1);
    assert.equal(lines.length, 2);
    assert(lines.includes("“I hate the drums in the second verse”"));
    assert(lines.some((line) => line.includes("love the guitar solo")));
  });

  it("says one thing once", () => {
    const comments = Array.from({ length: 30 }, () => comment("The piano part is so moving", "neutral"));
    assert.equal(summarize(comments, feel).split("\n").length, 2);
  });

  it("quotes neither shouting, links nor coarse words", () => {
    const comments = [
      comment("THE PIANO PART IS SO MOVING TODAY"),
      comment("see the piano part at http://example.com now"),
      comment("the fucking piano part is here again"),
    ];
    assert.equal(summarize(comments, feel), "3 comments: 0% positive, 100% neutral, 0% negative.");
  });
});

describe("sentencesOf", () => {
  it("splits at marks of any script and at line breaks", () => {
    assert.deepEqual(sentencesOf("One. Two!\nthree 漢字。次は？"), ["One.", "Two!", "three 漢字。", "次は？"]);
    assert.deepEqual(sentencesOf("  \n "), []);
  });
});

describe("excerpt", () => {
  it("leaves a short text, and cuts a long one at a blank", () => {
    assert.equal(excerpt("short  text", 20), "short text");
    assert.equal(excerpt("the quick brown fox jumps", 20), "the quick brown fox…");
  });

  it("does not cut a character in half", () => {
    assert.equal(excerpt("😀".repeat(20), 10), `${"😀".repeat(4)}…`);
    assert.equal(excerpt("👩‍👩‍👧".repeat(3), 12), "👩‍👩‍👧…");
  });
});
