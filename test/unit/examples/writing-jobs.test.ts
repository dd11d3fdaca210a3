import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** The code blocks of a Markdown text, each with the words after its fence. */
function codeBlocks(markdown: string): { info: string; text: string }[] {
  const blocks = markdown.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, info = "", text = ""]) => ({ info, text }));
}

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

  for (const { info, text } of programs) {
    const [, file = ""] = info.split(" ");
    it(`has the text of ${file}`, () => {
      const actual = readFileSync(join(ROOT, file), "utf8");
      assert.equal(text, actual, `the block differs from ${file}: copy the file into the document`);
    });
  }

  it("links to files and headings that exist", () => {
    const headings = [...document.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const [, target = ""] of document.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith("http")) continue;
      const isThere = target.startsWith("#")
        ? headings.includes(target.slice(1))
        : existsSync(join(ROOT, "docs", target));
      assert.ok(isThere, `nothing is at ${target}`);
    }
  });
});
