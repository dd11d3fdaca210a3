import assert from "node:assert/strict";
import fc from "fast-check";
import { planUninstall, type UninstallOptions } from "../../../cli/src/uninstall/plan-uninstall.ts";
import { changed, type Files, installed, memoryFiles, PROJECTS } from "../../support/cli-projects.ts";

function uninstalled(files: Files, options: UninstallOptions = {}): Files {
  const plan = planUninstall(memoryFiles(files), options);
  assert.equal(plan.outcome, "planned");
  return plan.outcome === "planned" ? changed(files, plan.changes) : files;
}

describe("init, and uninstall", () => {
  for (const [name, { files, options = {} }] of Object.entries(PROJECTS)) {
    it(`leave ${name} as it was, to the byte`, () => {
      assert.deepEqual(uninstalled(installed(files, options), options), files);
    });

    it(`do nothing the second time to ${name}`, () => {
      const once = installed(files, options);
      assert.deepEqual(installed(once, options), once);
    });
  }

  it("leave what the team changed in between elsewhere in the files", () => {
    const files = PROJECTS["TypeScript, as the Firebase CLI writes it"]?.files ?? {};
    const edit = (project: Files): Files => ({
      ...project,
      "functions/package.json": (project["functions/package.json"] ?? "").replace(
        '"name": "functions"',
        '"name": "shop"',
      ),
      "firestore.rules": (project["firestore.rules"] ?? "").replace("match /{document=**}", "match /orders/{id}"),
      "functions/src/index.ts": `// Functions of the shop.\n${project["functions/src/index.ts"]}`,
    });
    assert.deepEqual(uninstalled(edit(installed(files))), edit(files));
  });

  it("touch no byte of lines that are there", () => {
    for (const { files, options = {} } of Object.values(PROJECTS)) {
      const after = installed(files, options);
      for (const [path, text] of Object.entries(files)) {
        if (text.split("\n").length < 4) continue;
        const plain = (line: string) => line.replaceAll(/,|\r/g, "");
        const lines = new Set((after[path] ?? "").split("\n").map(plain));
        // A codebase named by a text alone has to become an object.
        const isText = (line: string) => /^ *"(functions|predeploy)": "[^"]*",?$/.test(line);
        const lost = text
          .split("\n")
          .filter(
            (line) =>
              !lines.has(plain(line)) &&
              !(path === "firebase.json" && isText(line)) &&
              !/[[{]\s*[\]}],?\r?$/.test(line),
          );
        assert.deepEqual(lost, [], path);
      }
    }
  });

  it("undo each other in a file of indexes with any other entries", () => {
    const entry = fc.record({
      collectionGroup: fc.constantFrom("orders", "jobs"),
      queryScope: fc.constant("COLLECTION"),
    });
    const indent = fc.constantFrom(0, 2, 4, "\t");
    fc.assert(
      fc.property(
        fc.array(entry),
        fc.option(fc.array(entry)),
        indent,
        fc.boolean(),
        (indexes, overrides, space, crlf) => {
          const text = JSON.stringify({ ...(overrides && { fieldOverrides: overrides }), indexes }, null, space);
          const base = PROJECTS["JavaScript, as the Firebase CLI writes it"]?.files ?? {};
          const files = { ...base, "firestore.indexes.json": crlf ? text.replaceAll("\n", "\r\n") : text };
          assert.deepEqual(uninstalled(installed(files)), files);
        },
      ),
      { numRuns: 30 },
    );
  });
});
