import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, "../../..");

/** A code block of a document; `info` is the words after its fence. */
export interface CodeBlock {
  info: string;
  text: string;
}

/** The code blocks of a Markdown text that have words after their fence. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks = markdown.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, info = "", text = ""]) => ({ info, text }));
}

/** Fails unless the block has the text of the file of the repository that it names after its language. */
export function assertSameAsFile({ info, text }: CodeBlock): void {
  const [, file = ""] = info.split(" ");
  const actual = readFileSync(join(ROOT, file), "utf8");
  assert.equal(text, actual, `the block differs from ${file}: copy the file into the document`);
}

/** Fails when a link of a document in `docs/` leads to no file of the repository, and to no heading of the document. */
export function assertLinksLead(markdown: string): void {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  for (const [, target = ""] of markdown.matchAll(/\]\(([^)]+)\)/g)) {
    if (target.startsWith("http")) continue;
    const isThere = target.startsWith("#")
      ? headings.includes(target.slice(1))
      : existsSync(join(ROOT, "docs", target.replace(/#.*/, "")));
    assert.ok(isThere, `nothing is at ${target}`);
  }
}
