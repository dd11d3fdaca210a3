import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../../../local/builds.ts";
import { type Children, createChildren } from "../../../local/children.ts";
import { functionEnvironment } from "../../../local/functions/environment.ts";
import { createFleet, type Fleet } from "../../../local/functions/fleet.ts";
import { createFunctionProcess } from "../../../local/functions/function-process.ts";
import { functionsDoor } from "../../../local/functions/functions-door.ts";
import { loadCodebase } from "../../../local/functions/load-codebase.ts";
import { keepAliveAgent, type Listening, listen } from "../../../local/http.ts";
import { LocalCloudError } from "../../../local/problem.ts";
import type { Project } from "../../../local/project/project.ts";
import { waitFor } from "../../support/wait-for.ts";

/** Code whose function answers with the version, and a second one that takes half a second. */
const codeOf = (version: number, more = "") => `
const { onRequest } = require("firebase-functions/v2/https");
exports.version = onRequest((_req, res) => res.json({ version: ${version} }));
exports.slow = onRequest((_req, res) => setTimeout(() => res.json({ version: ${version} }), 500));
${more}
`;

describe("the functions of a codebase, without a cloud", function () {
  this.timeout(60_000);
  const signal = new AbortController().signal;
  const hosts = { firestore: "127.0.0.1:1", pubsub: "127.0.0.1:2", auth: "127.0.0.1:3", tasks: "127.0.0.1:4" };
  let root: string;
  let children: Children;
  let fleet: Fleet;
  let door: Listening;
  let project: Project;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-fleet-"));
    const source = join(root, "functions");
    await mkdir(source);
    await symlink(join(REPOSITORY, "node_modules"), join(source, "node_modules"));
    await writeFile(join(source, "package.json"), '{ "main": "index.js" }');
    project = {
      root,
      projectId: "demo-fleet",
      codebases: [{ name: "default", source, configDir: source, ignore: [] }],
      notes: [],
    };
    children = createChildren(() => {});
    fleet = createFleet({
      environmentOf: (spec) =>
        functionEnvironment(spec, { projectId: "demo-fleet", hosts, secrets: {}, variables: {} }, process.env),
      create: (version) => createFunctionProcess({ ...version, children, folder: root, log: () => {} }),
    });
    const handler = functionsDoor({ projectId: "demo-fleet", functions: () => fleet.functions });
    door = await listen(handler, 0, { name: "functions" });
    fleet.add([await load(codeOf(1))]);
  });
  after(async () => {
    await door?.close();
    await children?.stopAll();
    await rm(root, { recursive: true });
  });

  async function load(code: string) {
    const [codebase] = project.codebases;
    assert.ok(codebase);
    await writeFile(join(codebase.source, "index.js"), code);
    return loadCodebase(project, codebase, {}, signal);
  }
  const call = (name: string) => fetch(`${door.url}/demo-fleet/us-central1/${name}`);
  const versionOf = async (name: string): Promise<unknown> => (await call(name)).json();

  it("start with their first call", async () => {
    assert.deepEqual(
      fleet.functions.map((each) => each.pid()),
      [undefined, undefined],
    );
    assert.deepEqual(await versionOf("version"), { version: 1 });
  });

  it("answer by new code at once after a reload, while the old code ends the calls that it has", async () => {
    assert.deepEqual(await versionOf("slow"), { version: 1 });
    const loaded = await load(codeOf(2));
    const begun = versionOf("slow");
    await waitFor("the call to begin", async () => Object.keys(keepAliveAgent.sockets).length > 0);
    const { ended } = fleet.reload(loaded);
    assert.deepEqual(await versionOf("version"), { version: 2 });
    assert.deepEqual(await begun, { version: 1 });
    await ended;
    assert.deepEqual(await versionOf("slow"), { version: 2 });
  });

  it("come and go with the code", async () => {
    const fresh = "exports.fresh = onRequest((_req, res) => res.json({ version: 3 })); delete exports.slow;";
    await fleet.reload(await load(codeOf(3, fresh))).ended;
    assert.deepEqual(await versionOf("fresh"), { version: 3 });
    assert.equal((await call("slow")).status, 404);
  });

  it("are told of in a sentence with the author's line when they do not load", async () => {
    await assert.rejects(
      load("const first = 1;\nmissing(first);\n"),
      (error: unknown) =>
        error instanceof LocalCloudError &&
        /cannot be read: ReferenceError: missing is not defined \(index\.js:2:1\)\n {2}2 \| missing\(first\);$/.test(
          error.message,
        ),
    );
    assert.deepEqual(await versionOf("fresh"), { version: 3 });
  });

  it("all run after they are warmed", async () => {
    await fleet.reload(await load(codeOf(4))).ended;
    await fleet.warm();
    assert.ok(fleet.functions.every((each) => each.pid() !== undefined));
  });
});
