import assert from "node:assert/strict";
import { PermanentError } from "../../../engine/src/job-types/define-job.ts";
import { parseVideoId, videoUrl } from "../../../functions/src/jobs/video-analysis/video-id.ts";

describe("parseVideoId", () => {
  const forms = [
    "dQw4w9WgXcQ",
    "  dQw4w9WgXcQ\n",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "http://youtube.com/watch?v=dQw4w9WgXcQ&t=43s",
    "https://www.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&list=PL123#comments",
    "www.youtube.com/watch?v=dQw4w9WgXcQ",
    "youtube.com/watch?v=dQw4w9WgXcQ",
    "//www.youtube.com/watch?v=dQw4w9WgXcQ",
    "HTTPS://WWW.YOUTUBE.COM/watch?v=dQw4w9WgXcQ",
    "https://m.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://music.youtube.com/watch?v=dQw4w9WgXcQ&si=abc",
    "https://youtu.be/dQw4w9WgXcQ",
    "youtu.be/dQw4w9WgXcQ?si=abcdef&t=10",
    "https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share",
    "https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1",
    "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://www.youtube.com/live/dQw4w9WgXcQ?si=x",
    "https://www.youtube.com/v/dQw4w9WgXcQ",
    "https://www.youtube.com/e/dQw4w9WgXcQ",
    "https://www.youtube.com/watch/dQw4w9WgXcQ",
    "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3DdQw4w9WgXcQ%26feature%3Dshare",
  ];
  for (const form of forms) {
    it(`finds the id in ${JSON.stringify(form)}`, () => assert.equal(parseVideoId(form), "dQw4w9WgXcQ"));
  }

  it("keeps dashes and underscores of an id", () => {
    assert.equal(parseVideoId("https://youtu.be/-_a-B_c-D_9"), "-_a-B_c-D_9");
  });

  const others = [
    "",
    "hello",
    "dQw4w9WgXc",
    "dQw4w9WgXcQQ",
    "https://vimeo.com/123456789",
    "https://evil.example/watch?v=dQw4w9WgXcQ",
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
    "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
    "https://www.youtube.com/@channel",
    "https://www.youtube.com/playlist?list=PL1234567890",
    "https://www.youtube.com/watch?v=short",
    "ftp://youtube.com/watch?v=dQw4w9WgXcQ",
    "javascript:alert(1)",
    "https://",
  ];
  for (const other of others) {
    it(`refuses ${JSON.stringify(other)} for good`, () => {
      assert.throws(
        () => parseVideoId(other),
        (error) => error instanceof PermanentError && error.code === "invalid-video",
      );
    });
  }

  it("says what to give instead, and repeats no more than 100 characters of what was given", () => {
    assert.throws(
      () => parseVideoId("x".repeat(2000)),
      (error) => {
        assert(error instanceof PermanentError);
        assert.match(error.message, /11-character video id/);
        return error.message.length < 300;
      },
    );
  });
});

describe("a long text that is no video", () => {
  it("is told up to the end of a character", () => {
    assert.throws(() => parseVideoId(`${"x".repeat(99)}😀`), { message: new RegExp(`^"${"x".repeat(99)}…" is not`) });
  });
});

describe("videoUrl", () => {
  it("is the watch page", () => assert.equal(videoUrl("dQw4w9WgXcQ"), "https://www.youtube.com/watch?v=dQw4w9WgXcQ"));
});
