import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assertLinksLead, assertSameAsFile, codeBlocks, ROOT } from "./markdown.ts";

describe("docs/writing-jobs.md", () => {
  const document = readFileSync(join(ROOT, "docs/writing-jobs.md"), "utf8");
  const programs = codeBlocks(document).filter(({ info }) => info.split(" ")[0] === "ts");

  it("names a file of the repository for each of its programs", () => {
    assert.ok(programs.length >= 8);
    for (const { info, text } of programs) {
      const [, file] = info.split(" ");
      assert.ok(file && existsSync(join(ROOT, file)), `"\`\`\`${info}" names no file, before:\n${text}`);
    }
  });

  for (const program of programs) {
    it(`has the text of ${program.info.split(" ")[1]}`, () => assertSameAsFile(program));
  }

  it("links to files and headings that exist", () => assertLinksLead(document));
});
