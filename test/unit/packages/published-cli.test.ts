import assert from "node:assert/strict";
import { publishedCli } from "../../../release/cli.ts";

describe("the package.json of the command", () => {
  it("names the bundled program, and nothing to install", () => {
    const workspace = {
      name: "@baton/cli",
      version: "0.1.0",
      private: true,
      type: "module",
      bin: { baton: "./src/main.ts" },
      dependencies: { zod: "4.6.7" },
    };
    assert.deepEqual(publishedCli(workspace), {
      name: "@baton/cli",
      version: "0.1.0",
      type: "module",
      bin: { baton: "./dist/main.js" },
      exports: { "./package.json": "./package.json" },
      files: ["dist"],
    });
  });
});
