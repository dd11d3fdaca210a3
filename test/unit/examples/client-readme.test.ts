import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assertSameAsFile, codeBlocks, ROOT } from "./markdown.ts";

describe("client/README.md", () => {
  const programs = codeBlocks(readFileSync(join(ROOT, "client/README.md"), "utf8")).filter(({ info }) =>
    info.includes(" "),
  );

  it("has the text of the example that it names", () => {
    assert.equal(programs.length, 1);
    for (const program of programs) assertSameAsFile(program);
  });
});
