import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

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

/** What the design's table of functions (section 5) says, as the platform reads it. */
const COMMON = {
  platform: "gcfv2",
  region: ["us-central1"],
  minInstances: null,
  maxInstances: null,
  ingressSettings: null,
  vpc: null,
  labels: {},
};
const account = (name: string) => `baton-${name}@{{ params.PROJECT_ID }}.iam.gserviceaccount.com`;
const EXPECTED: Record<string, object> = {
  api: {
    ...COMMON,
    entryPoint: "api",
    httpsTrigger: { invoker: ["public"] },
    concurrency: 80,
    timeoutSeconds: 60,
    availableMemoryMb: 512,
    serviceAccountEmail: account("api"),
    secretEnvironmentVariables: [{ key: "WEBHOOK_MASTER_SECRET" }],
  },
  worker: {
    ...COMMON,
    entryPoint: "worker",
    eventTrigger: {
      eventType: "google.cloud.pubsub.topic.v1.messagePublished",
      eventFilters: { topic: "jobs-default" },
      retry: true,
    },
    concurrency: 4,
    timeoutSeconds: 540,
    availableMemoryMb: 1024,
    cpu: 1,
    serviceAccountEmail: account("worker"),
    secretEnvironmentVariables: [{ key: "YOUTUBE_API_KEY" }],
  },
  sweep: {
    ...COMMON,
    entryPoint: "sweep",
    scheduleTrigger: { schedule: "every 1 minutes", retryConfig: {} },
    concurrency: null,
    maxInstances: 1,
    timeoutSeconds: 60,
    availableMemoryMb: 512,
    serviceAccountEmail: account("sweep"),
  },
  notify: {
    ...COMMON,
    entryPoint: "notify",
    eventTrigger: {
      eventType: "google.cloud.firestore.document.v1.created",
      eventFilters: { database: "(default)", namespace: "(default)" },
      eventFilterPathPatterns: { document: "results/{jobId}" },
      retry: true,
    },
    concurrency: 80,
    timeoutSeconds: 60,
    availableMemoryMb: 512,
    serviceAccountEmail: account("notify"),
    secretEnvironmentVariables: [{ key: "WEBHOOK_MASTER_SECRET" }],
  },
};

describe("the deployment", () => {
  it("has a codebase for each function, on Node 24", async () => {
    const { functions } = FirebaseJson.parse(JSON.parse(await read("firebase.json")));
    assert.deepEqual(
      functions.map(({ codebase, source, runtime }) => [codebase, source, runtime]),
      [
        ["api", "functions/dist/api", "nodejs24"],
        ["worker", "functions/dist/worker", "nodejs24"],
        ["notify", "functions/dist/notify", "nodejs24"],
        ["sweep", "functions/dist/sweep", "nodejs24"],
      ],
    );
  });

  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`deploys ${name} as the design says`, async () => {
      const { endpoints } = await manifestOf(`functions/dist/${name}`);
      assert.deepEqual(endpoints, { [name]: expected });
    });

    it(`gives ${name}'s folder a package.json that the platform can install and start`, async () => {
      const deployed = JSON.parse(await read(`functions/dist/${name}/package.json`));
      assert.deepEqual([deployed.main, deployed.type, deployed.engines], ["index.js", "module", { node: "24" }]);
      for (const [dependency, version] of Object.entries(deployed.dependencies)) {
        assert.match(`${dependency}@${version}`, /^[@a-z/-]+@\d+\.\d+\.\d+$/);
      }
    });
  }

  it("deploys no switch that lets webhooks reach loopback", async () => {
    for (const name of Object.keys(EXPECTED)) {
      assert.equal(JSON.stringify(await manifestOf(`functions/dist/${name}`)).includes("LOOPBACK"), false);
      assert.deepEqual(
        (await readdir(join(repository, `functions/dist/${name}`))).filter((file) => file.startsWith(".env")),
        [],
      );
    }
  });

  it("keeps the language model out of what a function loads when it starts", async () => {
    for (const name of Object.keys(EXPECTED)) {
      const index = await read(`functions/dist/${name}/index.js`);
      assert.equal(index.includes("wink-eng-lite"), false, name);
    }
  });

  it("keeps in a bundle what its function uses, and nothing of the others", async () => {
    const [api, worker, notify, sweep] = await Promise.all(
      ["api", "worker", "notify", "sweep"].map((name) => read(`functions/dist/${name}/index.js`)),
    );
    assert.ok(api && worker && notify && sweep);
    const has = (bundle: string) =>
      ["OpenAPIHono", "runAttempt(", "webhookTransport(", "republishDueJobs("].map((word) => bundle.includes(word));
    assert.deepEqual(
      [has(api), has(worker), has(notify), has(sweep)],
      [
        [true, false, false, false],
        [false, true, false, false],
        [false, false, true, false],
        [false, false, false, true],
      ],
    );
  });

  it("names rules, indexes and a console that exist", async () => {
    const { firestore, hosting } = FirebaseJson.parse(JSON.parse(await read("firebase.json")));
    assert.match(await read(firestore.rules), /rules_version = '2'/);
    assert.ok(Array.isArray(JSON.parse(await read(firestore.indexes)).indexes));
    assert.match(await read(`${hosting.public}/index.html`), /<div id="root">/);
  });
});
