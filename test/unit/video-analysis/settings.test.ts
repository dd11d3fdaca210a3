import assert from "node:assert/strict";
import { VideoSettings } from "../../../functions/src/jobs/video-analysis/settings.ts";

describe("the settings of video.analysis", () => {
  it("need nothing", () => {
    assert.deepEqual(VideoSettings.parse({}), {
      YOUTUBE_API_BASE_URL: "https://www.googleapis.com/youtube/v3",
      YOUTUBE_API_KEY: "",
      YOUTUBE_MAX_PAGES: 60,
      YOUTUBE_UNITS_PER_DAY: 10_000,
      YOUTUBE_UNITS_PER_OWNER_PER_DAY: 1000,
      YOUTUBE_FRESH_MS: 900_000,
    });
  });

  it("take http on this machine only", () => {
    assert.equal(
      VideoSettings.parse({ YOUTUBE_API_BASE_URL: "http://127.0.0.1:1/" }).YOUTUBE_API_BASE_URL,
      "http://127.0.0.1:1",
    );
    for (const url of ["http://www.googleapis.com/youtube/v3", "http://127.0.0.1.example.com", "ftp://localhost"]) {
      assert.throws(() => VideoSettings.parse({ YOUTUBE_API_BASE_URL: url }), /YOUTUBE_API_BASE_URL/, url);
    }
  });

  it("refuse a budget of units that one job may not fit into", () => {
    for (const name of ["YOUTUBE_UNITS_PER_DAY", "YOUTUBE_UNITS_PER_OWNER_PER_DAY"]) {
      const settings = { YOUTUBE_MAX_PAGES: "9", [name]: "9" };
      assert.throws(() => VideoSettings.parse(settings), /less than the 10/);
      VideoSettings.parse({ ...settings, [name]: "10" });
    }
  });
});
