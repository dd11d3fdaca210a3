import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Ports, run } from "../../../cli/src/program.ts";
import { type Files, installed, project } from "../../support/cli-projects.ts";
import { fakeTerminal } from "../../support/fake-terminal.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const files = project("TypeScript, as the Firebase CLI writes it");

describe("baton", () => {
  const folder = useTemporaryFolder("baton-cli-");

  async function write(texts: Files): Promise<void> {
    for (const [path, text] of Object.entries(texts)) {
      await mkdir(dirname(join(folder(), path)), { recursive: true });
      await writeFile(join(folder(), path), text);
    }
  }

  async function written(): Promise<Files> {
    const entries = await readdir(folder(), { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const texts = paths.map(async (path) => [path.slice(folder().length + 1), await readFile(path, "utf8")] as const);
    return Object.fromEntries(await Promise.all(texts));
  }

  const add = async () => undefined;

  /** Runs a command in the folder of the functions, as somebody with these answers. */
  async function baton(args: string[], answers: boolean[] = [], env: Ports["env"] = {}) {
    const { terminal, printed, warned, asked } = fakeTerminal(answers);
    const gcloud = { run: async () => ({ outcome: "missing" }) as const };
    const secrets = (id: string) => ({
      hasValue: async (name: string) => id === "shop-prod" || name.includes("MASTER"),
      add,
    });
    const code = await run(args, { terminal, gcloud, secrets, cwd: join(folder(), "functions"), env });
    return { code, printed: printed.join("\n"), warned: warned.join("\n"), asked };
  }

  it("init writes after a yes, from a folder below firebase.json", async () => {
    await write(files);
    const { code, printed, asked } = await baton(["init"], [true]);
    assert.deepEqual([code, asked.length], [0, 1]);
    assert.match(printed, /^edit functions\/package\.json\n--- a\/functions[\s\S]*\+ {4}"@baton\/engine": "0\.1\.0",/);
    assert.match(printed, /\n\n {2}edit functions\/package\.json\n {2}edit functions\/src\/index\.ts\n/);
    assert.match(printed, /npm install --prefix functions\n {2}npx @baton\/cli dev\n/);
    assert.deepEqual(await written(), installed(files));
  });

  const unwritten: [how: string, code: number, args: string[], answers?: boolean[]][] = [
    ["after a no", 3, ["init"], [false]],
    ["where nobody can answer", 3, ["init"]],
    ["with --json alone", 3, ["init", "--json"], [true]],
    ["in a dry run", 0, ["init", "--dry-run"], [true]],
  ];
  for (const [how, code, args, answers] of unwritten) {
    it(`init writes nothing ${how}, exit code ${code}`, async () => {
      await write(files);
      assert.equal((await baton(args, answers)).code, code);
      assert.deepEqual(await written(), files);
    });
  }

  it("init has nothing to do the second time", async () => {
    await write(installed(files));
    assert.deepEqual(await baton(["init", "--yes"]), { code: 0, printed: "Nothing to do.", warned: "", asked: [] });
  });

  it("init makes a project in an empty folder", async () => {
    await mkdir(join(folder(), "functions"));
    const { code } = await baton(["init", "--yes", "--cwd", folder()]);
    assert.equal(code, 0);
    assert.deepEqual(await written(), installed({}));
  });

  it("init tells a program what it would do", async () => {
    await write(files);
    const { printed } = await baton(["init", "--json", "--dry-run"]);
    const { outcome, changes } = JSON.parse(printed);
    assert.equal(outcome, "dry-run");
    assert.deepEqual(
      changes.map(({ path, kind }: { path: string; kind: string }) => `${kind} ${path}`),
      [
        "edit functions/package.json",
        "edit functions/src/index.ts",
        "edit firestore.rules",
        "edit firestore.indexes.json",
        "edit firebase.json",
        "create functions/src/baton/index.ts",
        "create functions/src/baton/jobs/hello.ts",
        "create functions/src/baton/jobs/hello.test.ts",
        "create functions/src/baton/install.json",
      ],
    );
  });

  it("init says why it refuses a project, and what to add by hand", async () => {
    await write({ ...files, "functions/src/index.ts": "export const baton = 1;\n" });
    const { code, warned } = await baton(["init", "--yes"]);
    assert.equal(code, 1);
    assert.match(
      warned,
      /^To do it by hand \[entry-has-baton\], add:\n\nexport \{ baton \} from "\.\/baton\/index\.js";\n\n.* already exports .*\[entry-has-baton\]\n/,
    );
    assert.match(warned, /Nothing was written\.$/);
  });

  it("uninstall restores every byte, and says what stays in the cloud", async () => {
    await write(files);
    await baton(["init", "--yes"]);
    const { code, printed } = await baton(["uninstall", "--yes"]);
    assert.equal(code, 0);
    assert.match(printed, /firebase functions:delete baton-api baton-worker /);
    assert.deepEqual(await written(), files);
  });

  it("uninstall asks about files that the team changed, and keeps them after a no", async () => {
    const changed = { ...installed(files), "functions/src/baton/jobs/mine.ts": "export {};\n" };
    await write(changed);
    assert.equal((await baton(["uninstall", "--yes"])).code, 3);
    assert.deepEqual(await written(), changed);
    const { code, asked } = await baton(["uninstall"], [false, true]);
    assert.deepEqual([code, asked.length], [0, 2]);
    const paths = Object.keys(await written());
    assert.ok(
      paths.includes("functions/src/baton/jobs/mine.ts") && !paths.includes("functions/src/baton/install.json"),
    );
  });

  it("init makes no folder for a --cwd that is mistyped", async () => {
    const { code, warned } = await baton(["init", "--yes", "--cwd", join(folder(), "shpo")]);
    assert.equal(code, 1);
    assert.match(warned, /^There is no folder .*shpo\. \[project-missing\]$/);
    assert.deepEqual(await written(), {});
  });

  it("init tells of --yes only where nobody can answer", async () => {
    await write(files);
    assert.match((await baton(["init"], [false])).printed, /\n\nNothing was written\.$/);
    assert.match((await baton(["init"])).printed, /\n\nNothing was written\. Give --yes to write these changes\.$/);
  });

  it("uninstall says that there is no project", async () => {
    await mkdir(join(folder(), "functions"));
    const { code, warned } = await baton(["uninstall"]);
    assert.equal(code, 1);
    assert.match(warned, /There is no firebase\.json in .*\[project-missing\]$/);
  });

  it("doctor repairs files after a yes, and finds nothing afterwards", async () => {
    const engine = { "functions/node_modules/@baton/engine/package.json": '{ "version": "0.1.0" }' };
    await write({ ...installed(files), ...engine, "functions/src/index.ts": files["functions/src/index.ts"] ?? "" });
    const first = await baton(["doctor"]);
    assert.equal(first.code, 1);
    assert.match(
      first.printed,
      /^error: .*\[export\.missing\]\n {2}If left: .*\n {2}To fix: {2}npx @baton\/cli doctor --fix$/,
    );
    assert.deepEqual((await baton(["doctor", "--fix"], [true])).code, 0);
    assert.deepEqual(await baton(["doctor", "--json"]), {
      code: 0,
      printed: '{\n  "outcome": "fine",\n  "findings": []\n}',
      warned: "",
      asked: [],
    });
  });

  it("doctor says that gcloud is missing when a project in the cloud is asked for", async () => {
    await write(installed(files));
    const { code, printed } = await baton(["doctor", "--project", "shop-prod"]);
    assert.equal(code, 1);
    assert.match(printed, /gcloud is not installed on this machine\. \[gcloud\.unusable\]/);
  });

  it("token says that no local cloud runs", async () => {
    await mkdir(join(folder(), "functions"));
    const { code, warned } = await baton(["token", "ada", "--auth-host", "127.0.0.1:1"]);
    assert.equal(code, 1);
    assert.match(warned, /nothing answers there.*\[sign-in-failed\]$/);
  });

  it("keys takes the project that a deploy names, unless another is given", async () => {
    const env = { GCLOUD_PROJECT: "shop-prod" };
    const there = await baton(["keys", "--json"], [], env);
    assert.deepEqual([there.code, there.printed], [0, '{"outcome":"ok","made":[]}']);
    const made = await baton(["keys", "--project", "shop-test"], [], env);
    assert.deepEqual([made.code, made.printed], [0, "Made in shop-test: WEBHOOK_ENCRYPTION_KEYS."]);
  });

  it("keys of a function kit need gcloud", async () => {
    const { code, warned } = await baton(["keys", "--project", "shop-prod", "--kit", "main"]);
    assert.deepEqual([code, warned.includes("gcloud is not installed")], [1, true]);
  });

  it("keys says that it knows no project", async () => {
    const { code, warned } = await baton(["keys"], [], { GCLOUD_PROJECT: "" });
    assert.equal(code, 2);
    assert.match(warned, /^error: no project: give --project ID, or set GCLOUD_PROJECT as firebase deploy does$/);
  });

  const wrong = [
    ["keys", "--project", "shop prod"],
    ["keys", "--project", "shop-prod", "--kit", "a; b"],
    ["inti"],
    ["init", "--codebse", "a"],
    ["token"],
    ["token", " "],
    ["token", "a", "--auth-host", "x"],
    ["uninstall", "--keep-jobs", "--delete-jobs"],
  ];
  for (const args of wrong) {
    it(`says what is wrong with "baton ${args.join(" ")}", exit code 2`, async () => {
      await mkdir(join(folder(), "functions"));
      const { code, warned } = await baton(args);
      assert.equal(code, 2);
      assert.match(warned, /^error: /);
    });
  }

  it("prints help, and its version", async () => {
    await mkdir(join(folder(), "functions"));
    assert.deepEqual((await baton(["--help"])).code, 0);
    assert.match((await baton(["init", "--help"])).printed, /--dry-run +show what would change, and write nothing/);
    assert.deepEqual((await baton(["--version"])).printed, "0.1.0");
  });
});
