import assert from "node:assert/strict";
import { COMMONJS, ESM, publishedManifest } from "../../../release/manifest.ts";

const WORKSPACE = {
  name: "@baton/client",
  version: "0.1.0",
  private: true,
  type: "module",
  exports: { ".": "./src/index.ts", "./react": "./src/react.ts" },
  dependencies: { zod: "4.6.7" },
  sideEffects: ["./src/source-stacks.ts"],
};

describe("the package.json of a published package", () => {
  it("names compiled files with their declarations, for require before import", () => {
    const { exports } = publishedManifest(WORKSPACE, [COMMONJS, ESM]);
    assert.equal(
      JSON.stringify(exports),
      JSON.stringify({
        ".": {
          require: { types: "./cjs/src/index.d.ts", default: "./cjs/src/index.js" },
          default: { types: "./src/index.d.ts", default: "./src/index.js" },
        },
        "./react": {
          require: { types: "./cjs/src/react.d.ts", default: "./cjs/src/react.js" },
          default: { types: "./src/react.d.ts", default: "./src/react.js" },
        },
        "./package.json": "./package.json",
      }),
    );
  });

  it("keeps the workspace's other fields, and may be published", () => {
    const { exports: _, ...rest } = publishedManifest(WORKSPACE, [ESM]);
    assert.deepEqual(rest, {
      name: "@baton/client",
      version: "0.1.0",
      type: "module",
      dependencies: { zod: "4.6.7" },
      sideEffects: ["./src/source-stacks.js"],
    });
  });

  it("names compiled programs", () => {
    const { bin } = publishedManifest({ ...WORKSPACE, bin: { "baton-local": "./main.ts" } }, [ESM]);
    assert.deepEqual(bin, { "baton-local": "./main.js" });
  });

  it("is refused for a workspace that exports something else than sources", () => {
    assert.throws(() => publishedManifest({ ...WORKSPACE, exports: { ".": "./dist/index.js" } }, [ESM]));
  });
});
