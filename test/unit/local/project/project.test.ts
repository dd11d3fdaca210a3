import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCloudError } from "../../../../local/problem.ts";
import { assertSource, readProject } from "../../../../local/project/project.ts";

describe("a Firebase project, read from its folder", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-project-"));
    await mkdir(join(root, "functions", "lib"), { recursive: true });
    await mkdir(join(root, "settings"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = (name: string, content: unknown) =>
    writeFile(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  const sentence = (text: RegExp) => (error: unknown) => error instanceof LocalCloudError && text.test(error.message);

  it("has no codebase where firebase.json names no functions", async () => {
    await write("firebase.json", { hosting: { public: "public" } });
    assert.deepEqual(await readProject(root), { root, projectId: "demo-app", codebases: [], notes: [] });
  });

  for (const [form, functions] of [
    ["a folder", "functions"],
    ["an object", { source: "functions" }],
    ["a list", [{ source: "functions" }]],
  ] as const) {
    it(`has its functions in ${form}`, async () => {
      await write("firebase.json", { functions });
      const [codebase] = (await readProject(root)).codebases;
      const { name, source, configDir } = codebase ?? {};
      const folder = join(root, "functions");
      assert.deepEqual({ name, source, configDir }, { name: "default", source: folder, configDir: folder });
    });
  }

  it("keeps each codebase's settings, and has one codebase for each instance of a function kit", async () => {
    const shop = {
      codebase: "shop",
      source: "functions/lib",
      configDir: "settings",
      runtime: "nodejs22",
      prefix: "eu",
    };
    const kit = { kit: "mail", source: "functions", instances: { first: "settings" } };
    await write("firebase.json", { functions: [{ ...shop, ignore: ["*.md"] }, kit] });
    assert.deepEqual((await readProject(root)).codebases, [
      {
        name: "shop",
        source: join(root, "functions", "lib"),
        configDir: join(root, "settings"),
        nodeMajor: 22,
        prefix: "eu",
        ignore: ["*.md"],
      },
      {
        name: "first",
        source: join(root, "functions"),
        configDir: join(root, "settings"),
        prefix: "kit-first",
        kitInstance: "first",
        ignore: ["node_modules", ".git", "firebase-debug.log", "firebase-debug.*.log", "*.local"],
      },
    ]);
  });

  it("is found from a folder inside it, with comments and commas that the Firebase CLI allows", async () => {
    await write(
      "firebase.json",
      '{ // ours\n "firestore": { "rules": "a//b.rules", }, /* here */ "functions": [{"source":"functions"},], }',
    );
    const project = await readProject(join(root, "functions", "lib"));
    assert.equal(project.root, root);
    assert.equal(project.rules, join(root, "a//b.rules").replace("//", "/"));
  });

  it("takes the rules of the default database from a list of databases", async () => {
    await write("firebase.json", { firestore: [{ database: "archive", rules: "b.rules" }, { rules: "a.rules" }] });
    assert.equal((await readProject(root)).rules, join(root, "a.rules"));
  });

  it("never has the id of a real project", async () => {
    await write("firebase.json", {});
    await write(".firebaserc", { projects: { default: "shop-prod", staging: "shop-staging" } });
    assert.equal((await readProject(root)).projectId, "demo-shop-prod");
    assert.equal((await readProject(root, "demo-x")).projectId, "demo-x");
    await assert.rejects(
      readProject(root, "shop-prod"),
      sentence(/^"shop-prod" is no id for a project of this machine/),
    );
  });

  it("says what is wrong, and where", async () => {
    await assert.rejects(readProject(root), sentence(/^There is no firebase\.json in .*npx @baton\/cli init$/));
    await write("firebase.json", "{ functions }");
    await assert.rejects(readProject(root), sentence(/firebase\.json is not understood: /));
  });

  it("does not ask for the folder of a codebase before it is built", async () => {
    await write("firebase.json", { functions: { source: "dist", codebase: "shop" } });
    const [codebase] = (await readProject(root)).codebases;
    assert.ok(codebase);
    assert.throws(
      () => assertSource(codebase),
      sentence(/the codebase "shop" has its source in .*dist, which is no folder/),
    );
    await mkdir(codebase.source);
    assertSource(codebase);
  });

  it("says in one line that a codebase of another repository is not run", async () => {
    const remoteSource = { repository: "https://example.com/a.git", ref: "main" };
    await write("firebase.json", { functions: [{ codebase: "far", remoteSource, runtime: "nodejs22" }] });
    assert.deepEqual((await readProject(root)).notes, [
      'The codebase "far" is not run here: its source is not in this folder.',
    ]);
  });
});
