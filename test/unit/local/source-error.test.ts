import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSourceError } from "../../../local/manifest/source-error.ts";
import { shortStacks } from "../../../local/short-stacks.ts";

describe("an error in an author's code", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-source-"));
    await writeFile(join(folder, "index.js"), "const a = 1;\n  missing();\n");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is told in a sentence with its place and its line", () => {
    const output = [
      "Failed to generate manifest from function source: ReferenceError: missing is not defined",
      "ReferenceError: missing is not defined",
      `    at require (${folder}/node_modules/some/package.js:9:1)`,
      `    at Object.<anonymous> (${folder}/index.js:2:3)`,
      "    at Module._compile (node:internal/modules/cjs/loader:1:1)",
    ].join("\n");
    assert.equal(
      describeSourceError(output, folder),
      "ReferenceError: missing is not defined (index.js:2:3)\n  2 | missing();",
    );
  });

  it("is told by the line that Node names where the code has no stack yet", () => {
    const output = `${folder}/index.js:2\n  missing(];\n          ^\n\nSyntaxError: Unexpected token ']'\n    at wrapSafe (node:internal/modules:1:1)\n`;
    assert.equal(
      describeSourceError(output, folder),
      "SyntaxError: Unexpected token ']' (index.js:2)\n  2 | missing();",
    );
  });

  it("stays as it is where it has no form that is known", () => {
    assert.equal(describeSourceError(" out of luck\n", folder), "out of luck");
  });
});

describe("stacks in the log", () => {
  it("are cut to their first place in the author's own code, each source for itself", () => {
    const lines: string[] = [];
    const log = shortStacks((source, line) => lines.push(`${source}: ${line}`));
    log("hello", "Error: closed");
    log("hello", "    at run (/app/node_modules/some/index.js:1:1)");
    log("hello", "    at open (/app/shop.js:7:9)");
    log("other", "    at other (/app/other.js:1:1)");
    log("hello", "    at main (/app/index.js:2:3)");
    log("hello", "    at node:internal/process:1:2");
    log(
      "hello",
      JSON.stringify({
        severity: "ERROR",
        message: "Error: again\n    at a (/app/a.js:1:1)\n    at b (/app/b.js:1:1)",
      }),
    );
    assert.deepEqual(lines, [
      "hello: Error: closed",
      "hello:     at open (/app/shop.js:7:9)",
      "other:     at other (/app/other.js:1:1)",
      "hello: ERROR Error: again\n    at a (/app/a.js:1:1)",
    ]);
  });
});
