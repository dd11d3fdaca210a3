import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { z } from "zod";
import { REPOSITORY } from "../../../local/builds.ts";

describe("a test beside a job type", () => {
  it("is run by npm test", () => {
    const configuration: unknown = JSON.parse(readFileSync(join(REPOSITORY, ".mocharc.json"), "utf8"));
    const { spec } = z.object({ spec: z.array(z.string()) }).parse(configuration);
    assert.ok(spec.some((glob) => matchesGlob("functions/src/jobs/hello/hello.test.ts", glob)));
  });
});
