import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { computePool } from "../../engine/src/jobs/run/compute/compute-pool.ts";
import { deployedFunctions } from "../../infra/src/deployed-functions.ts";
import { DEPLOYED_FOLDER, type Manifest, readManifest } from "../../infra/src/manifest.ts";
import { chunkOf, loadedCode } from "../support/bundle-code.ts";
import { EXPECTED } from "../support/expected-functions.ts";

const repository = join(import.meta.dirname, "../..");
const read = (path: string) => readFile(join(repository, path), "utf8");

const FirebaseJson = z.object({
  functions: z.array(
    z.object({ codebase: z.string(), source: z.string(), configDir: z.string(), runtime: z.string() }),
  ),
  hosting: z.object({ public: z.string() }),
  firestore: z.object({ rules: z.string(), indexes: z.string() }),
});

const FOLDER = "functions/dist";

/** What every function loads, and what each of them loads besides. */
const PARTS = ["index", "api", "worker", "wake", "notify", "deliver", "bury", "sweep"];
/** Half of a cold start is compiling. Most of this code is Firestore's client. */
const MOST_BYTES_OF_FUNCTION = 7_300_000;
const MOST_BYTES: Readonly<Record<string, number>> = { index: 900_000, api: 8_300_000 };

describe("the deployment", () => {
  let endpoints: Manifest["endpoints"];
  before(async () => {
    ({ endpoints } = await readManifest(DEPLOYED_FOLDER, "demo-baton"));
  });

  it("is one codebase, on Node 24", async () => {
    const { functions } = FirebaseJson.parse(JSON.parse(await read("firebase.json")));
    assert.deepEqual(functions, [{ codebase: "baton", source: FOLDER, configDir: "functions", runtime: "nodejs24" }]);
  });

  it("deploys these functions and no other", () => {
    assert.deepEqual(Object.keys(endpoints).sort(), Object.keys(EXPECTED).sort());
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`deploys ${name} with its trigger and options`, () => {
      assert.deepEqual(endpoints[name], expected);
    });
  }

  it("has the functions that infra/ makes accounts, topics and secrets for", () => {
    assert.deepEqual(
      deployedFunctions({ endpoints })
        .map(({ name }) => name)
        .sort(),
      Object.keys(EXPECTED).sort(),
    );
  });

  it("has a package.json that the platform can install and start", async () => {
    const deployed = JSON.parse(await read(`${FOLDER}/package.json`));
    assert.deepEqual([deployed.main, deployed.type, deployed.engines], ["index.js", "module", { node: "24" }]);
    for (const [dependency, version] of Object.entries(deployed.dependencies)) {
      assert.match(`${dependency}@${version}`, /^[@a-z/-]+@\d+\.\d+\.\d+$/);
    }
  });

  it("logs stacks that name the author's file and line", async () => {
    const code = ['await import("./index.js").catch((error) => console.log(error.stack));'];
    const env = {
      PATH: process.env.PATH,
      GCLOUD_PROJECT: "demo-baton",
      FUNCTION_TARGET: "baton.worker",
      LEASE_MS: "soon",
    };
    const cwd = join(repository, FOLDER);
    const args = ["--input-type=module", "-e", code.join("\n")];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
    assert.match(stdout, /at readConfig \(\S*engine\/src\/functions\/config\.ts:\d+:\d+\)/);
    assert.match(stdout, /functions\/src\/index\.ts:\d+:\d+/);
    assert.equal(stdout.includes("index.js:"), false);
  });

  it("runs compute functions in the deployed bundle", async () => {
    const pool = computePool({
      entry: pathToFileURL(join(repository, FOLDER, "index.js")),
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
    const files = (await readdir(join(repository, FOLDER))).filter((file) => file.endsWith(".js"));
    const bundle = (await Promise.all(files.map((file) => read(`${FOLDER}/${file}`)))).join("");
    assert.equal(bundle.includes("test.echo"), false);
    assert.equal(bundle.includes("video.analysis"), true);
  });

  it("deploys no switch that lets webhooks reach loopback", async () => {
    assert.equal(JSON.stringify(endpoints).includes("LOOPBACK"), false);
    assert.deepEqual(
      (await readdir(join(repository, FOLDER))).filter((file) => file.startsWith(".env")),
      [],
    );
  });

  it("loads for a function what this function runs, and nothing of the others", async () => {
    const words = [
      "function analyzeVideo(",
      "function scrapeCompany(",
      "function generateContent(",
      "function runPipeline(",
      "function deployedGet(",
      "node_modules/@google-cloud/pubsub/",
      "node_modules/@google-cloud/storage/",
      "node_modules/cheerio/",
      "node_modules/firebase-admin/",
      "node_modules/libphonenumber-js/",
      "node_modules/tldts/",
      '"firebase-functions/logger"',
      "OpenAPIHono",
      "runInvocation(",
      "webhookTransport(",
      "handleDelivery(",
      "handleDeadLetter(",
      "moveDueJobs(",
      "wakeJob(",
      "wink-eng-lite",
      "ffmpeg",
      "@resvg/resvg-js",
      "espeak-ng-emscripten",
      "opentype",
      "runStages(",
      "composeBed(",
      "storyboardSheet(",
      "renderVideo(",
      ":generateContent",
    ];
    const files = (await readdir(join(repository, FOLDER))).filter((file) => file.endsWith(".js"));
    const bundle = (await Promise.all(files.map((file) => read(`${FOLDER}/${file}`)))).join("\n");
    assert.deepEqual(
      words.filter((word) => !bundle.includes(word)),
      ["node_modules/@google-cloud/pubsub/", '"firebase-functions/logger"'],
      "no function loads these two; any other word that is nowhere proves nothing",
    );
    const starts = PARTS.map(async (name) => {
      const code = await loadedCode(join(repository, FOLDER), name);
      return [name, words.filter((word) => code.includes(word))];
    });
    assert.deepEqual(Object.fromEntries(await Promise.all(starts)), {
      index: [],
      api: ["node_modules/firebase-admin/", "OpenAPIHono"],
      worker: ["runInvocation("],
      wake: ["wakeJob("],
      notify: ["webhookTransport("],
      deliver: ["webhookTransport(", "handleDelivery("],
      bury: ["handleDeadLetter("],
      sweep: ["moveDueJobs("],
    });
  });

  it("has code for every function that loads without an error", async () => {
    const failures = PARTS.map(async (name) => {
      const file = await chunkOf(join(repository, FOLDER), name);
      const env = { PATH: process.env.PATH, GCLOUD_PROJECT: "demo-baton", BATON_REGION: "local" };
      const args = ["--input-type=module", "-e", `await import("./${file}"); process.exit();`];
      return promisify(execFile)(process.execPath, args, { cwd: join(repository, FOLDER), env }).then(() => [], String);
    });
    assert.deepEqual((await Promise.all(failures)).flat(), []);
  });

  it("loads no more code for a function than it is known to need", async () => {
    const sizes = await Promise.all(
      PARTS.map(async (name) => ({ name, bytes: (await loadedCode(join(repository, FOLDER), name)).length })),
    );
    const tooLarge = sizes.filter(({ name, bytes }) => bytes > (MOST_BYTES[name] ?? MOST_BYTES_OF_FUNCTION));
    assert.deepEqual(tooLarge, []);
  });

  it("names rules, indexes and a console that exist", async () => {
    const { firestore, hosting } = FirebaseJson.parse(JSON.parse(await read("firebase.json")));
    assert.match(await read(firestore.rules), /rules_version = '2'/);
    assert.ok(Array.isArray(JSON.parse(await read(firestore.indexes)).indexes));
    assert.match(await read(`${hosting.public}/index.html`), /<div id="root">/);
  });
});
