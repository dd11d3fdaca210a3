import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LifecycleEvent } from "@baton/protocol";
import { assertSameAsFile, codeBlocks, ROOT } from "./markdown.ts";

describe("docs/events.md", () => {
  const blocks = codeBlocks(readFileSync(join(ROOT, "docs/events.md"), "utf8"));

  for (const program of blocks.filter(({ info }) => info.startsWith("ts "))) {
    it(`has the text of ${program.info.split(" ")[1]}`, () => assertSameAsFile(program));
  }

  it("shows an event as the schema has it", () => {
    const [example] = blocks.filter(({ info }) => info === "json");
    const shown: unknown = JSON.parse(example?.text ?? "");
    assert.deepEqual(LifecycleEvent.parse(shown), shown);
  });
});
