import assert from "node:assert/strict";
import { testJob } from "@baton/engine/testing";
import { translation } from "./translation.ts";

describe("translation", () => {
  const type = translation(async (text, language) => `${text} (${language})`);

  it("translates", async () => {
    const job = await testJob(type, { text: " tea ", language: "fr" });
    await job.run();
    assert.deepEqual(job.output, { text: "tea (fr)" });
  });

  it("takes inputs as equal whatever their note and the spaces around their text", () => {
    const key = type.cache?.key?.({ text: " tea ", language: "fr", note: "for the menu" });
    assert.deepEqual(key, { text: "tea", language: "fr" });
  });
});
