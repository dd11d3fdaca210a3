import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { installed, project } from "../../support/cli-projects.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

const run = promisify(execFile);
const PACKAGES = join(import.meta.dirname, "../../../node_modules");

describe("the first job type that init writes", () => {
  const folder = useTemporaryFolder("baton-first-job-");

  async function runTest(name: string, path: string): Promise<string> {
    for (const [file, text] of Object.entries(installed(project(name)))) {
      await mkdir(dirname(join(folder(), file)), { recursive: true });
      await writeFile(join(folder(), file), text);
    }
    await symlink(PACKAGES, join(folder(), "functions/node_modules"));
    // A test that runs tests: Node would take itself for one of them.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await run(process.execPath, ["--test", "--test-reporter=tap", path], {
      cwd: join(folder(), "functions"),
      env,
    });
    return stdout;
  }

  it("passes its own test in a codebase of CommonJS", async () => {
    assert.match(
      await runTest("JavaScript, as the Firebase CLI writes it", "baton/jobs/hello.test.js"),
      /^ok 1 - hello greets by name$/m,
    );
  });

  it("is declared, and its functions, by the entry", async () => {
    const show = "console.log(Object.keys(require('./index.js').baton).join())";
    await runTest("JavaScript, as the Firebase CLI writes it", "baton/jobs/hello.test.js");
    const { stdout } = await run(process.execPath, ["--eval", show], { cwd: join(folder(), "functions") });
    assert.equal(stdout.trim(), "api,worker,wake,notify,deliver,bury,sweep");
  });
});

describe("the test of the first job type", () => {
  const testOf = (devDependencies: Record<string, string>) => {
    const base = project("TypeScript, as the Firebase CLI writes it");
    const manifest = { ...JSON.parse(base["functions/package.json"] ?? ""), devDependencies };
    const files = installed({ ...base, "functions/package.json": JSON.stringify(manifest) });
    return files["functions/src/baton/jobs/hello.test.ts"] ?? "";
  };

  it("is one of the codebase's own runner", () => {
    assert.match(testOf({ vitest: "4.0.0" }), /^import \{test\} from "vitest";$/m);
    assert.match(testOf({ mocha: "11.0.0", "@types/mocha": "10.0.0" }), /^it\("hello/m);
    assert.match(testOf({ jest: "30.0.0", "@types/jest": "30.0.0" }), /^test\("hello/m);
  });

  it("names Node's types, which TypeScript 6 does not take by itself", () => {
    assert.match(testOf({}), /^\/\/\/ <reference types="node" \/>\nimport /);
  });

  it("is one of Node's runner where there is none, or its globals have no types", () => {
    for (const none of [{}, { mocha: "11.0.0" }]) assert.match(testOf(none), /^import \{test\} from "node:test";$/m);
  });
});
