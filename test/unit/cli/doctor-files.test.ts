import assert from "node:assert/strict";
import { checkFiles } from "../../../cli/src/doctor/check-files.ts";
import { fixFiles } from "../../../cli/src/doctor/fix.ts";
import { KEYS_STEP } from "../../../cli/src/edits/keys-step.ts";
import { hashOf } from "../../../cli/src/init/record.ts";
import { readProject } from "../../../cli/src/project/project.ts";
import { planUninstall } from "../../../cli/src/uninstall/plan-uninstall.ts";
import { changed, type Files, installed, LOCKED_RULES, memoryFiles, project } from "../../support/cli-projects.ts";

const before = project("JavaScript, as the Firebase CLI writes it");
const ENGINE_INSTALLED = { "functions/node_modules/@baton/engine/package.json": '{ "version": "0.1.0" }' };
const fine: Files = { ...installed(before), ...ENGINE_INSTALLED };

function findingsOf(files: Files) {
  return checkFiles(memoryFiles(files), readProject(memoryFiles(files), {}));
}

const codesOf = (files: Files) => findingsOf(files).map(({ code }) => code);
const edited = (path: string, from: string | RegExp, to: string): Files => ({
  ...fine,
  [path]: (fine[path] ?? "").replace(from, to),
});

describe("doctor, by the files of a project,", () => {
  it("finds nothing after init", () => assert.deepEqual(findingsOf(fine), []));

  it("finds one thing where Baton is not installed, and repairs nothing around it", () => {
    const found = findingsOf(before);
    assert.deepEqual(
      found.map(({ code, fix }) => [code, fix.command]),
      [["baton.missing", "npx @baton/cli init"]],
    );
    const disk = memoryFiles(before);
    assert.deepEqual(fixFiles(disk, readProject(disk, {}), found).changes, []);
  });

  const cases: [what: string, codes: string[], files: Files][] = [
    ["a dependency that is gone", ["dependency.missing"], edited("functions/package.json", /.*@baton\/engine.*\n/, "")],
    ["an export that is gone", ["export.missing"], edited("functions/index.js", /exports\.baton.*/, "")],
    ["rules without the block", ["rules.missing"], { ...fine, "firestore.rules": LOCKED_RULES }],
    [
      "a block of another release",
      ["rules.outdated"],
      edited("firestore.rules", "match /batonAlerts/", "match /batonNotices/"),
    ],
    ["rules that are open", ["rules.open"], edited("firestore.rules", "if false", "if request.auth != null")],
    ["rules with half a block", ["rules.unreadable"], edited("firestore.rules", "// baton:end", "")],
    [
      "an index that is gone",
      ["indexes.missing"],
      edited("firestore.indexes.json", /.*"batonLanes".*"updatedAt".*\n/, ""),
    ],
    [
      "a TTL policy that is gone",
      ["ttl.missing"],
      edited("firestore.indexes.json", /.*"batonLanes".*"expireAt".*\n/, ""),
    ],
    ["no predeploy step", ["predeploy.missing"], { ...fine, "firebase.json": before["firebase.json"] ?? "" }],
    [
      "the predeploy step of another release",
      ["predeploy.outdated"],
      edited("firebase.json", "cli@0.1.0", "cli@0.0.9"),
    ],
    [
      "another release of a package",
      ["versions.differ"],
      { ...fine, "package.json": '{ "dependencies": { "@baton/client": "^0.0.9" } }' },
    ],
    [
      "another release of what is installed",
      ["versions.differ"],
      { ...fine, "functions/node_modules/@baton/engine/package.json": '{ "version": "0.0.9" }' },
    ],
    [
      "packages that are not installed",
      ["versions.not-installed"],
      { ...fine, "functions/node_modules/@baton/engine/package.json": "{}" },
    ],
    ["an old firebase-functions", ["versions.sdk-old"], edited("functions/package.json", '"^7.0.0"', '"^6.4.0"')],
    ["an old Node", ["runtime.old"], edited("functions/package.json", '"node": "24"', '"node": "18"')],
    [
      "a function with a name of Baton's",
      ["names.taken"],
      edited("functions/index.js", /^/, "exports.baton_api = 1;\n"),
    ],
    ["a setting that is wrong", ["settings.invalid"], { ...fine, "functions/.env": "LEASE_MS=soon\n" }],
    [
      "a setting of one project that is wrong",
      ["settings.invalid"],
      { ...fine, "functions/.env": "LEASE_MS=60000\n", "functions/.env.shop-prod": 'TIERS={"free": {"jobs": 1}}\n' },
    ],
  ];
  for (const [what, codes, files] of cases) {
    it(`finds ${what}`, () => {
      const known =
        codes[0] === "versions.not-installed"
          ? Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes("node_modules")))
          : files;
      const findings = findingsOf(known);
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      );
      for (const { message, ifLeft, fix } of findings) assert.ok(message && ifLeft && fix.command);
    });
  }

  it("accepts other settings, and settings of this machine", () => {
    const files = { ...fine, "functions/.env": "LEASE_MS=60000\nSHOP=1\n", "functions/.env.local": "LEASE_MS=soon\n" };
    assert.deepEqual(codesOf(files), []);
  });

  it("finds a group named baton in another codebase", () => {
    const files = {
      ...fine,
      "firebase.json": JSON.stringify({
        ...JSON.parse(fine["firebase.json"] ?? ""),
        functions: [
          { source: "functions", predeploy: [KEYS_STEP] },
          { source: "other", codebase: "other" },
        ],
      }),
      "other/package.json": "{}",
      "other/index.js": "exports.baton = { api: 1 };\n",
    };
    assert.deepEqual(codesOf(files), ["names.taken"]);
  });
});

describe("doctor --fix", () => {
  const broken: Files = {
    ...fine,
    "functions/index.js": before["functions/index.js"] ?? "",
    "firebase.json": (fine["firebase.json"] ?? "").replace("cli@0.1.0", "cli@0.0.9"),
    "firestore.rules": (fine["firestore.rules"] ?? "")
      .replace("match /batonAlerts/", "match /batonNotices/")
      .replace("return [];", "return ['acme-1'];")
      .replace("== 'admin'", "== 'ops'"),
    "firestore.indexes.json": (fine["firestore.indexes.json"] ?? "").replaceAll(/.*"batonLanes".*\n/g, ""),
  };
  const fixed = (files: Files): Files => {
    const disk = memoryFiles(files);
    const { changes, refusals } = fixFiles(disk, readProject(disk, {}), findingsOf(files));
    assert.deepEqual(refusals, []);
    return changed(files, changes);
  };

  it("leaves nothing to find", () => assert.deepEqual(codesOf(fixed(broken)), []));

  it("keeps the tenants and the claim of admins that a team has set in its rules", () => {
    const rules = fixed(broken)["firestore.rules"] ?? "";
    assert.match(rules, /return \['acme-1'\];/);
    assert.match(rules, /get\('batonRole', ''\) == 'ops'/);
    assert.match(rules, /match \/batonAlerts\//);
  });

  it("changes nothing where nothing is to fix", () => assert.deepEqual(fixed(fine), fine));

  it("leaves uninstall able to restore every byte", () => {
    const plan = planUninstall(memoryFiles(fixed(broken)), {});
    assert.equal(plan.outcome, "planned");
    if (plan.outcome === "planned")
      assert.deepEqual(changed(fixed(broken), plan.changes), { ...before, ...ENGINE_INSTALLED });
  });

  it("leaves uninstall able to delete the files that init made, and it has repaired", () => {
    const newProject = installed({});
    const { "firebase.json": config = "", "functions/src/baton/install.json": record = "" } = newProject;
    const old = config.replace("cli@0.1.0", "cli@0.0.9");
    const files = {
      ...newProject,
      "firebase.json": old,
      "functions/src/baton/install.json": record.replace(hashOf(config), hashOf(old)),
    };
    const plan = planUninstall(memoryFiles(fixed(files)), {});
    assert.equal(plan.outcome, "planned");
    if (plan.outcome === "planned") assert.deepEqual(changed(fixed(files), plan.changes), {});
  });
});
