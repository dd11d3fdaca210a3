import assert from "node:assert/strict";
import { bundledManifest, compiledManifest, readManifest } from "../../../release/manifest.ts";

const WORKSPACE = {
  name: "@baton/client",
  version: "0.1.0",
  private: true,
  type: "module",
  exports: { ".": "./src/index.ts", "./react": "./src/react.ts" },
  dependencies: { hono: "4.13.19" },
  sideEffects: ["./src/source-stacks.ts"],
};
const PEERS = { peers: { zod: "^4.6.7" }, optionalPeers: { esbuild: "^0.28.1" } };

describe("the package.json of a compiled package", () => {
  it("names compiled files with their declarations, for require before import", () => {
    const { exports } = compiledManifest(WORKSPACE, true);
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
    const { exports: _, ...rest } = compiledManifest(WORKSPACE, true);
    assert.deepEqual(rest, {
      name: "@baton/client",
      version: "0.1.0",
      type: "module",
      dependencies: { hono: "4.13.19" },
      sideEffects: ["./src/source-stacks.js"],
    });
  });

  it("names compiled programs", () => {
    const { bin } = compiledManifest({ ...WORKSPACE, bin: { "baton-local": "./main.ts" } }, false);
    assert.deepEqual(bin, { "baton-local": "./main.js" });
  });

  it("is refused for a workspace that exports something else than sources", () => {
    assert.throws(() => readManifest(JSON.stringify({ ...WORKSPACE, exports: { ".": "./dist/index.js" } })));
  });
});

describe("the package.json of a bundled package", () => {
  it("names the bundle of each export with its declarations, for require before import", () => {
    const { exports } = bundledManifest(WORKSPACE, { kind: "bundled", starts: {}, ...PEERS });
    assert.equal(
      JSON.stringify(exports),
      JSON.stringify({
        ".": {
          require: { types: "./cjs/types/src/index.d.ts", default: "./cjs/index.js" },
          default: { types: "./esm/types/src/index.d.ts", default: "./esm/index.js" },
        },
        "./react": {
          require: { types: "./cjs/types/src/react.d.ts", default: "./cjs/react.js" },
          default: { types: "./esm/types/src/react.d.ts", default: "./esm/react.js" },
        },
        "./package.json": "./package.json",
      }),
    );
  });

  it("has peers in place of the dependencies that it holds", () => {
    const { exports: _, ...rest } = bundledManifest(WORKSPACE, { kind: "bundled", starts: {}, ...PEERS });
    assert.deepEqual(rest, {
      name: "@baton/client",
      version: "0.1.0",
      type: "module",
      peerDependencies: { zod: "^4.6.7", esbuild: "^0.28.1" },
      peerDependenciesMeta: { esbuild: { optional: true } },
    });
  });
});
