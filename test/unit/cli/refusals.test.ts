import assert from "node:assert/strict";
import { type InitOptions, planInit } from "../../../cli/src/init/plan-init.ts";
import { planUninstall } from "../../../cli/src/uninstall/plan-uninstall.ts";
import { type Files, installed, LOCKED_RULES, memoryFiles, project } from "../../support/cli-projects.ts";

const js = project("JavaScript, as the Firebase CLI writes it");
const rules = (body: string): Files => ({
  ...js,
  "firestore.rules": LOCKED_RULES.replace(/ {4}match \/\{document=\*\*\} \{[^}]*\}/, body),
});

function refusalsOf(files: Files, options: InitOptions = {}) {
  const plan = planInit(memoryFiles(files), options);
  return plan.outcome === "refused" ? plan.refusals : [];
}

describe("init refuses", () => {
  const cases: [what: string, code: string, files: Files, options?: InitOptions][] = [
    ["a firebase.json that is no JSON", "config-unreadable", { ...js, "firebase.json": "{ functions: }" }],
    ["a firebase.json of another form", "config-unreadable", { ...js, "firebase.json": '{ "functions": 7 }' }],
    ["several codebases without a choice", "codebase-unclear", project("several codebases")],
    ["a codebase that is not there", "codebase-unknown", js, { codebase: "api" }],
    [
      "a codebase in Python",
      "codebase-language",
      {
        ...js,
        "firebase.json":
          '{ "functions": { "runtime": "python313" }, "firestore": { "rules": "a.rules", "indexes": "b.json" } }',
      },
    ],
    ["an entry that is not there", "entry-missing", { ...js, "functions/package.json": '{ "main": "dist/app.js" }' }],
    ["a package.json that is no JSON", "package-unreadable", { ...js, "functions/package.json": "{" }],
    [
      "an old firebase-functions",
      "sdk-old",
      { ...js, "functions/package.json": '{ "dependencies": { "firebase-functions": "^4.9.0" } }' },
    ],
    ["an export named baton", "entry-has-baton", { ...js, "functions/index.js": "exports.baton = 1;\n" }],
    [
      "a baton among module.exports",
      "entry-has-baton",
      { ...js, "functions/index.js": "module.exports = { api, baton };\n" },
    ],
    ["functions in a folder that is not named", "folder-taken", { "firebase.json": "{}", "functions/main.py": "" }],
    ["a folder baton of the app", "folder-taken", { ...js, "functions/baton/music.js": "" }],
    [
      "a project whose rules are in the cloud",
      "firestore-unconfigured",
      { ...js, "firebase.json": '{ "functions": {} }' },
    ],
    ["another database", "database-unknown", js, { database: "jobs", newFirestoreFiles: true }],
    ["rules without a service", "rules-unreadable", { ...js, "firestore.rules": "rules_version = '2';\n" }],
    [
      "rules whose braces do not match",
      "rules-unreadable",
      { ...js, "firestore.rules": LOCKED_RULES.replace(/\}\s*$/, "") },
    ],
    ["rules with half a block", "rules-unreadable", rules("    // baton:begin\n")],
    ["rules of version 1", "rules-version", { ...js, "firestore.rules": LOCKED_RULES.replace(/^.*\n/, "") }],
    ["rules with a match of Baton's", "rules-clash", rules("    match /batonJobs/{id} { allow read; }")],
    ["rules with a function of Baton's", "rules-clash", rules("    function batonIsOwn() { return true; }")],
    ["indexes of another form", "indexes-unreadable", { ...js, "firestore.indexes.json": "[]" }],
  ];
  for (const [what, code, files, options] of cases) {
    it(`${what}, as ${code}`, () => {
      const found = refusalsOf(files, options);
      assert.deepEqual(
        found.map((refusal) => refusal.code),
        [code],
      );
    });
  }

  const places: [text: string, place: RegExp][] = [
    ['{\n  "functions": {},\n  firestore: {}\n}', /is no JSON: the first mistake is in line 3, column 3\./],
    ["", /is no JSON: the first mistake is in line 1, column 1\./],
    ["[]", /has another form at its top level than/],
    ['{ "functions": 7 }', /has another form at functions than/],
  ];
  for (const [text, place] of places) {
    it(`with the place of the mistake: ${JSON.stringify(text)}`, () => {
      assert.match(refusalsOf({ ...js, "firebase.json": text })[0]?.message ?? "", place);
    });
  }

  it("an old firebase-functions, with a command for the folder of the functions", () => {
    const old = { ...js, "functions/package.json": '{ "dependencies": { "firebase-functions": "^4.9.0" } }' };
    assert.match(refusalsOf(old)[0]?.message ?? "", /: npm install --prefix functions firebase-functions@latest$/);
  });

  it("a file for each reason, all at once", () => {
    const files = { ...js, "functions/index.js": "exports.baton = 1;\n", "firestore.indexes.json": "[]" };
    assert.deepEqual(
      refusalsOf(files).map(({ code }) => code),
      ["entry-has-baton", "indexes-unreadable"],
    );
  });

  it("rules with the lines to add by hand", () => {
    const [refusal] = refusalsOf({ ...js, "firestore.rules": "" });
    assert.match(
      refusal?.byHand ?? "",
      /match \/databases\/\{database\}\/documents \{\n {4}\/\/ baton:begin[\s\S]*match \/batonJobs\/\{jobId\}/,
    );
  });
});

describe("init, and a wildcard in the app's rules", () => {
  const open = [
    "match /{document=**} { allow read, write: if request.time < timestamp.date(2027, 1, 1); }",
    "match /{document=**} { allow read; }",
    "match /{collection}/{id} { allow read: if request.auth != null; }",
    "match /{collection}/{document=**} { allow get: if true; }",
    "match /{a}/{b} { match /{rest=**} { allow write: if signedIn(); } }",
    "match /{a=**}/{b} { allow list: if true; }",
  ];
  for (const match of open) {
    it(`refuses ${match}`, () => {
      assert.deepEqual(
        refusalsOf(rules(match)).map(({ code }) => code),
        ["rules-open"],
      );
      assert.deepEqual(refusalsOf(rules(match), { allowOpenRules: true }), []);
    });
  }

  const closed = [
    "match /{document=**} { allow read, write: if false; }",
    "match /{path=**}/comments/{id} { allow read; }",
    "match /users/{document=**} { allow read; }",
    "match /{collection}/{id} { match /public/{x} { allow read; } }",
    "match /{collection}/{document=**} { allow read: if !collection.matches('baton[A-Z].*'); }",
    "// match /{document=**} { allow read; }",
  ];
  for (const match of closed) {
    it(`accepts ${match}`, () => assert.deepEqual(refusalsOf(rules(match)), []));
  }

  it("refuses one beside the path of all documents", () => {
    const files = {
      ...js,
      "firestore.rules": LOCKED_RULES.replace(
        "service cloud.firestore {",
        "service cloud.firestore {\n  match /databases/{db}/documents/{all=**} { allow read; }",
      ),
    };
    assert.deepEqual(
      refusalsOf(files).map(({ code }) => code),
      ["rules-open"],
    );
  });
});

describe("uninstall", () => {
  it("asks what becomes of files that the team wrote", () => {
    const files = { ...installed(js), "functions/baton/jobs/mine.js": "" };
    assert.deepEqual(planUninstall(memoryFiles(files), {}), {
      outcome: "jobs-edited",
      paths: ["functions/baton/jobs/mine.js"],
    });
  });

  it("keeps the team's files, and the packages they need, when told so", () => {
    const files = { ...installed(js), "functions/baton/jobs/mine.js": "" };
    const plan = planUninstall(memoryFiles(files), { jobs: "keep" });
    const changes = plan.outcome === "planned" ? plan.changes : [];
    assert.deepEqual(changes.map(({ path }) => path).sort(), [
      "firebase.json",
      "firestore.indexes.json",
      "firestore.rules",
      "functions/baton/install.json",
      "functions/index.js",
    ]);
  });

  it("takes its parts out of files that were formatted since, and says which to look through", () => {
    const files = installed(js);
    const formatted = {
      ...files,
      "functions/package.json": JSON.stringify(JSON.parse(files["functions/package.json"] ?? "")),
    };
    const plan = planUninstall(memoryFiles(formatted), {});
    assert.equal(plan.outcome, "planned");
    if (plan.outcome !== "planned") return;
    const after = plan.changes.find(({ path }) => path === "functions/package.json")?.after ?? "";
    assert.equal("@baton/engine" in JSON.parse(after).dependencies, false);
    assert.deepEqual(plan.notes.length, 1);
  });

  it("works without the record of init", () => {
    const { "functions/baton/install.json": _, ...files } = installed(js);
    const plan = planUninstall(memoryFiles(files), { jobs: "delete" });
    assert.equal(plan.outcome, "planned");
    if (plan.outcome !== "planned") return;
    const restored = plan.changes.filter(({ after }) => after !== undefined);
    assert.deepEqual(
      restored.map(({ path, after }) => after === js[path]),
      [false, true, true, true, true],
    );
  });
});
