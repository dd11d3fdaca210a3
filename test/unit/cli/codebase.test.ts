import assert from "node:assert/strict";
import { readCodebase } from "../../../cli/src/project/codebase.ts";
import { readFirebaseConfig } from "../../../cli/src/project/firebase-config.ts";
import { memoryFiles } from "../../support/cli-projects.ts";

describe("readCodebase", () => {
  const cases: [what: string, manifest: object, files: Record<string, string>, entry: string, usesImport: boolean][] = [
    ["without a main", {}, { "f/index.js": "" }, "f/index.js", false],
    ["with a main without its end", { main: "src/app" }, { "f/src/app.js": "" }, "f/src/app.js", false],
    ["with a folder as main", { main: "src" }, { "f/src/index.js": "" }, "f/src/index.js", false],
    ["of modules", { type: "module" }, { "f/index.js": "" }, "f/index.js", true],
    ["with one module", { main: "index.mjs" }, { "f/index.mjs": "" }, "f/index.mjs", true],
    ["with CommonJS among modules", { type: "module", main: "index.cjs" }, { "f/index.cjs": "" }, "f/index.cjs", false],
    ["that runs TypeScript as it is", { main: "src/index.ts" }, { "f/src/index.ts": "" }, "f/src/index.ts", true],
    [
      "compiled from a folder, with its output beside it",
      { main: "lib/index.js" },
      { "f/tsconfig.json": '{ "compilerOptions": { "outDir": "lib" } }', "f/src/index.ts": "", "f/lib/index.js": "" },
      "f/src/index.ts",
      true,
    ],
    [
      "compiled from another folder",
      { main: "./build/main.js" },
      {
        "f/tsconfig.json": '{ "compilerOptions": { "outDir": "./build", "rootDir": "source" } }',
        "f/source/main.ts": "",
      },
      "f/source/main.ts",
      true,
    ],
    [
      "compiled with its folder",
      { main: "lib/src/index.js" },
      { "f/tsconfig.json": '{ "compilerOptions": { "outDir": "lib", "rootDir": "." } }', "f/src/index.ts": "" },
      "f/src/index.ts",
      true,
    ],
    [
      "in JavaScript that TypeScript checks",
      { main: "index.js" },
      { "f/tsconfig.json": '{ "compilerOptions": { "checkJs": true, "noEmit": true } }', "f/index.js": "" },
      "f/index.js",
      false,
    ],
  ];
  for (const [what, manifest, sources, entry, usesImport] of cases) {
    it(`finds the entry of a codebase ${what}`, () => {
      const files = memoryFiles({ "f/package.json": JSON.stringify(manifest), ...sources });
      const codebase = readCodebase(files, { name: "default", place: ["functions"], source: "f", configDir: "f" });
      assert.deepEqual([codebase.entry, codebase.usesImport], [entry, usesImport]);
    });
  }

  it("takes no output of a compiler for a source", () => {
    const files = memoryFiles({
      "f/package.json": '{ "main": "lib/app.js" }',
      "f/tsconfig.json": '{ "compilerOptions": { "outDir": "lib" } }',
      "f/lib/app.js": "",
    });
    assert.throws(() => readCodebase(files, { name: "default", place: ["functions"], source: "f", configDir: "f" }), {
      code: "entry-missing",
    });
  });
});

describe("readFirebaseConfig", () => {
  it("reads functions as a text, an object and a list", () => {
    const forms: [form: string, place: (string | number)[]][] = [
      ['"a"', ["functions"]],
      ['{ "source": "./a/" }', ["functions"]],
      ['[{ "source": "a", "codebase": "default" }]', ["functions", 0]],
    ];
    for (const [form, place] of forms) {
      const { codebases } = readFirebaseConfig(`{ "functions": ${form} }`);
      assert.deepEqual(codebases, [{ name: "default", place, source: "a", configDir: "a" }]);
    }
  });

  it("leaves out code of others: kits, and remote sources", () => {
    const text =
      '{ "functions": [{ "kit": "mail", "source": "b" }, { "source": "a" }, { "remoteSource": {}, "codebase": "c" }] }';
    assert.deepEqual(readFirebaseConfig(text).codebases, [
      { name: "default", place: ["functions", 1], source: "a", configDir: "a" },
    ]);
  });

  it("reads comments, several databases and several buckets", () => {
    const config = readFirebaseConfig(`{
      // Two of each.
      "firestore": [{ "database": "(default)", "rules": "a" }, { "database": "jobs", "rules": "./b", "indexes": "c" }],
      "storage": [{ "bucket": "x", "rules": "s" }, { "bucket": "y", "rules": "s" }]
    }`);
    assert.deepEqual(config.databases, [
      { database: "(default)", place: ["firestore", 0], rules: "a" },
      { database: "jobs", place: ["firestore", 1], rules: "b", indexes: "c" },
    ]);
    assert.deepEqual(config.storageRules, ["s"]);
  });
});
