import assert from "node:assert/strict";
import { EMPTY_FORM, optionsOf } from "../../../web/src/job-views/video-analysis/analysis-form.ts";

describe("the title of an analysis", () => {
  it("is cut at the end of a character", () => {
    const { metadata } = optionsOf({ ...EMPTY_FORM, video: `${"x".repeat(199)}👩‍👩‍👧` });
    assert.deepEqual(metadata, { title: "x".repeat(199) });
  });
});
