import assert from "node:assert/strict";
import fc from "fast-check";
import { KEYS_STEP, keysStepEdit, keysStepState } from "../../../cli/src/edits/keys-step.ts";
import { readFirebaseConfig } from "../../../cli/src/project/firebase-config.ts";
import { planUninstall } from "../../../cli/src/uninstall/plan-uninstall.ts";
import { changed, type Files, installed, memoryFiles, project } from "../../support/cli-projects.ts";

const STEP = "npx --yes @baton/cli@0.1.0 keys";
const OLD_STEP = "npx --yes @baton/cli@0.0.9 keys";

const place = (text: string) => readFirebaseConfig(text).codebases[0]?.place ?? [];
const add = (text: string) => keysStepEdit(place(text)).add(text);
const remove = (text: string) => keysStepEdit(place(text)).remove(text);

describe("the predeploy step that makes keys", () => {
  it("names the release of the command that adds it", () => assert.equal(KEYS_STEP, STEP));

  const forms: [what: string, before: string, after: string][] = [
    [
      "no step",
      '{\n  "functions": {\n    "source": "a"\n  }\n}\n',
      `{\n  "functions": {\n    "source": "a",\n    "predeploy": [\n      "${STEP}"\n    ]\n  }\n}\n`,
    ],
    [
      "a list of steps, with a comment",
      '{\n\t"functions": [{\n\t\t"predeploy": [\n\t\t\t"npm test" // slow\n\t\t]\n\t}]\n}',
      `{\n\t"functions": [{\n\t\t"predeploy": [\n\t\t\t"npm test", // slow\n\t\t\t"${STEP}"\n\t\t]\n\t}]\n}`,
    ],
    [
      "everything in one line",
      '{ "functions": [{ "source": "a", "predeploy": ["npm test"] }] }',
      `{ "functions": [{ "source": "a", "predeploy": ["npm test", "${STEP}"] }] }`,
    ],
    [
      "a function kit before the codebase",
      '{ "functions": [{ "kit": "k" }, { "source": "a" }] }',
      `{ "functions": [{ "kit": "k" }, { "source": "a", "predeploy": ["${STEP}"] }] }`,
    ],
  ];
  for (const [what, before, after] of forms) {
    it(`is added to a codebase with ${what}, and taken out again, to the byte`, () => {
      assert.equal(add(before), after);
      assert.equal(remove(after), before);
    });
  }

  it("makes a list of a step that stands alone", () => {
    const after = JSON.parse(add('{ "functions": { "predeploy": "npm test" } }'));
    assert.deepEqual(after.functions.predeploy, ["npm test", STEP]);
  });

  it("takes the place of that of another release", () => {
    for (const steps of [OLD_STEP, [OLD_STEP, "npm test"]]) {
      const text = JSON.stringify({ functions: { predeploy: steps } });
      assert.equal(keysStepState(text, ["functions"]), "outdated");
      assert.equal(add(text), text.replace(OLD_STEP, STEP));
      assert.doesNotMatch(remove(text), /@baton/);
    }
  });

  it("is not added where the team runs the command in its own way, nor is that way taken out", () => {
    const text = '{ "functions": { "predeploy": ["npx @baton/cli keys --json && npm test"] } }';
    assert.deepEqual([add(text), remove(text)], [text, text]);
  });

  it("comes and goes without a trace, in any form of firebase.json", () => {
    const base = project("JavaScript, as the Firebase CLI writes it");
    const steps = fc.array(fc.constantFrom("npm test", 'npm --prefix "$RESOURCE_DIR" run build'), { maxLength: 3 });
    const predeploy = fc.option(fc.oneof(steps, fc.constant("npm test")), { nil: undefined });
    const codebase = fc.oneof(
      predeploy.map((value) => ({ source: "functions", predeploy: value, ignore: ["*.local"] })),
      predeploy.map((value) => ({ predeploy: value })),
      fc.constant("functions"),
    );
    const functions = fc.oneof(
      codebase,
      codebase.map((one) => [one]),
    );
    const style = fc.record({ space: fc.constantFrom(0, 2, 4, "\t"), isWindows: fc.boolean() });
    fc.assert(
      fc.property(functions, style, (value, { space, isWindows }) => {
        const json = JSON.stringify({ functions: value, ...JSON.parse(FIRESTORE) }, null, space);
        const files = { ...base, "firebase.json": isWindows ? json.replaceAll("\n", "\r\n") : json };
        const once = installed(files);
        assert.ok(once["firebase.json"]?.includes(STEP));
        assert.deepEqual(installed(once), once);
        assert.deepEqual(uninstalled(once), files);
      }),
      { numRuns: 100 },
    );
  });
});

const FIRESTORE = '{ "firestore": { "rules": "firestore.rules", "indexes": "firestore.indexes.json" } }';

function uninstalled(files: Files): Files {
  const plan = planUninstall(memoryFiles(files), {});
  assert.equal(plan.outcome, "planned");
  return plan.outcome === "planned" ? changed(files, plan.changes) : files;
}
