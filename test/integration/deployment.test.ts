import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { computePool } from "../../functions/src/compute/compute-pool.ts";
import { QUEUES } from "../../functions/src/jobs/queues.ts";
import { EXPECTED } from "../support/expected-functions.ts";

const repository = join(import.meta.dirname, "../..");
const read = (path: string) => readFile(join(repository, path), "utf8");

const FirebaseJson = z.object({
  functions: z.array(z.object({ codebase: z.string(), source: z.string(), runtime: z.string() })),
  hosting: z.object({ public: z.string() }),
  firestore: z.object({ rules: z.string(), indexes: z.string() }),
});

/** What the Firebase CLI would deploy from a built folder: the SDK's own answer, the way the CLI asks for it. */
async function manifestOf(folder: string): Promise<{ endpoints: Record<string, unknown> }> {
  const scratch = await mkdtemp(join(tmpdir(), "baton-manifest-"));
  try {
    const output = join(scratch, "functions.json");
    // The CLI gives the code no settings and no secrets, and neither does this.
    const env = { PATH: process.env.PATH, GCLOUD_PROJECT: "demo-baton", FUNCTIONS_MANIFEST_OUTPUT_PATH: output };
    const sdk = join(repository, "node_modules/firebase-functions/lib/bin/firebase-functions.js");
    await promisify(execFile)(process.execPath, [sdk, "."], { cwd: join(repository, folder), env });
    return z.object({ endpoints: z.record(z.string(), z.unknown()) }).parse(JSON.parse(await readFile(output, "utf8")));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** A function's folder, which Firebase wants in lower case. */
const folderOf = (name: string) => (name === "workerHeavy" ? "functions/dist/worker-heavy" : `functions/dist/${name}`);

describe("the deployment", () => {
  it("has a codebase for each function, on Node 24", async () => {
    const { functions } = FirebaseJson.parse(JSON.parse(await read("firebase.json")));
    assert.deepEqual(
      functions.map(({ codebase, source, runtime }) => [codebase, source, runtime]),
      [
        ["api", "functions/dist/api", "nodejs24"],
        ["worker", "functions/dist/worker", "nodejs24"],
        ["worker-heavy", "functions/dist/worker-heavy", "nodejs24"],
        ["wake", "functions/dist/wake", "nodejs24"],
        ["notify", "functions/dist/notify", "nodejs24"],
        ["deliver", "functions/dist/deliver", "nodejs24"],
        ["bury", "functions/dist/bury", "nodejs24"],
        ["sweep", "functions/dist/sweep", "nodejs24"],
      ],
    );
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`deploys ${name} with its trigger and options`, async () => {
      const { endpoints } = await manifestOf(folderOf(name));
      assert.deepEqual(endpoints, { [name]: expected });
    });

    it(`gives ${name}'s folder a package.json that the platform can install and start`, async () => {
      const deployed = JSON.parse(await read(`${folderOf(name)}/package.json`));
      assert.deepEqual([deployed.main, deployed.type, deployed.engines], ["index.js", "module", { node: "24" }]);
      for (const [dependency, version] of Object.entries(deployed.dependencies)) {
        assert.match(`${dependency}@${version}`, /^[@a-z/-]+@\d+\.\d+\.\d+$/);
      }
    });
  }

  it("has a worker for each queue that a job type may name", async () => {
    const folders = ["functions/dist/worker", "functions/dist/worker-heavy"];
    const manifests = await Promise.all(folders.map(manifestOf));
    assert.deepEqual(
      manifests.map((manifest) => /"topic":"([^"]+)"/.exec(JSON.stringify(manifest))?.[1]),
      Object.keys(QUEUES).map((queue) => `jobs-${queue}`),
    );
  });

  it("logs stacks that name the author's file and line", async () => {
    const code = ['await import("./index.js").catch((error) => console.log(error.stack));'];
    const env = { PATH: process.env.PATH, GCLOUD_PROJECT: "demo-baton", LEASE_MS: "soon" };
    const cwd = join(repository, "functions/dist/worker");
    const args = ["--input-type=module", "-e", code.join("\n")];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
    assert.match(stdout, /at readConfig \(\S*functions\/src\/config\.ts:\d+:\d+\)/);
    assert.match(stdout, /functions\/src\/wiring\.ts:\d+:\d+/);
    assert.equal(stdout.includes("index.js:"), false);
  });

  it("runs compute functions in the deployed bundle", async () => {
    const pool = computePool({
      entry: pathToFileURL(join(repository, "functions/dist/worker/compute.js")),
      maxProcesses: 1,
      maxOfOwner: 1,
      idleMs: 1000,
    });
    process.env.GCLOUD_PROJECT ??= "demo-baton";
    const switches = {
      includeSentiment: true,
      includeClassification: true,
      includeInsights: true,
      includeSummary: true,
    };
    const input = { comments: [{ text: "What a lovely song this is" }], switches };
    const call = { jobId: "a-job", owner: "ada", type: "video.analysis", name: "analyze", input };
    const limits = { timeoutMs: 60_000, memoryMb: 384 };
    const signal = new AbortController().signal;
    const output = z
      .object({ comments: z.array(z.object({ class: z.string() })) })
      .parse(await pool.run({ ...call, limits, signal, progress: () => undefined }));
    pool.stop();
    assert.deepEqual(output, { comments: [{ class: "praise" }] });
  });

  it("deploys no job type of the tests", async () => {
    for (const name of Object.keys(EXPECTED)) {
      assert.equal((await read(`${folderOf(name)}/index.js`)).includes("test.echo"), false, name);
    }
  });

  it("deploys no switch that lets webhooks reach loopback", async () => {
    for (const name of Object.keys(EXPECTED)) {
      assert.equal(JSON.stringify(await manifestOf(folderOf(name))).includes("LOOPBACK"), false);
      assert.deepEqual(
        (await readdir(join(repository, folderOf(name)))).filter((file) => file.startsWith(".env")),
        [],
      );
    }
  });

  it("keeps the language model out of what a function loads when it starts", async () => {
    for (const name of Object.keys(EXPECTED)) {
      const index = await read(`${folderOf(name)}/index.js`);
      assert.equal(index.includes("wink-eng-lite"), false, name);
    }
  });

  it("keeps in a bundle what its function uses, and nothing of the others", async () => {
    const words = [
      "OpenAPIHono",
      "runInvocation(",
      "webhookTransport(",
      "handleDelivery(",
      "buryDeadLetter(",
      "moveDueJobs(",
      "wakeJob(",
    ];
    const kept = Object.keys(EXPECTED).map(async (name) => {
      const bundle = await read(`${folderOf(name)}/index.js`);
      return [name, words.filter((word) => bundle.includes(word))];
    });
    assert.deepEqual(Object.fromEntries(await Promise.all(kept)), {
      api: ["OpenAPIHono"],
      worker: ["runInvocation("],
      workerHeavy: ["runInvocation("],
      wake: ["wakeJob("],
      notify: ["webhookTransport("],
      deliver: ["webhookTransport(", "handleDelivery("],
      bury: ["buryDeadLetter("],
      sweep: ["moveDueJobs("],
    });
  });

  it("names rules, indexes and a console that exist", async () => {
    const { firestore, hosting } = FirebaseJson.parse(JSON.parse(await read("firebase.json")));
    assert.match(await read(firestore.rules), /rules_version = '2'/);
    assert.ok(Array.isArray(JSON.parse(await read(firestore.indexes)).indexes));
    assert.match(await read(`${hosting.public}/index.html`), /<div id="root">/);
  });
});
