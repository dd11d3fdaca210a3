import assert from "node:assert/strict";
import { isAnalysisOutput, submittedTexts } from "../../../web/src/job-views/video-analysis/analysis-words.ts";

describe("the view of a video analysis", () => {
  it("knows an output that it can show", () => {
    assert.deepEqual([{ comments: [] }, { comments: {} }, {}, null, "text"].map(isAnalysisOutput), [
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("reads the texts of comments from a submitted input", () => {
    assert.deepEqual(submittedTexts({ comments: [{ text: "Hi" }, {}, null] }), ["Hi", "", ""]);
    assert.deepEqual([submittedTexts(undefined), submittedTexts({ comments: "Hi" })], [[], []]);
  });
});
