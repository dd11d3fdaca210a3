import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passedThrough } from "../../../../local/environment.ts";
import { LocalCloudError } from "../../../../local/problem.ts";
import { readEnvFiles } from "../../../../local/project/env-files.ts";

describe("the variables of a codebase", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-env-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const read = () =>
    readEnvFiles({ root, projectId: "demo-shop" }, { name: "default", source: root, configDir: root, ignore: [] });

  it("are none without files", async () => {
    assert.deepEqual(await read(), { variables: {}, secrets: {} });
  });

  it("come from four files, of which a later one wins, and secrets from a fifth", async () => {
    await writeFile(
      join(root, ".env"),
      'A=1\nB=1\nC=1\nD=1\nTIERS={"free":{"activeJobs":3}}\nTEXT="two\\nlines" # said\n',
    );
    await writeFile(join(root, ".env.shop"), "B=2\nC=2\nD=2\n");
    await writeFile(join(root, ".env.demo-shop"), "C=3\nD=3\n");
    await writeFile(join(root, ".env.local"), "D=4\n");
    await writeFile(join(root, ".secret.local"), "KEY=sesame\n");
    const tiers = '{"free":{"activeJobs":3}}';
    assert.deepEqual(await read(), {
      variables: { A: "1", B: "2", C: "3", D: "4", TIERS: tiers, TEXT: "two\nlines" },
      secrets: { KEY: "sesame" },
    });
  });

  it("are refused with the file's name where production refuses them", async () => {
    await writeFile(join(root, ".env"), "GCLOUD_PROJECT=other\n");
    const refused = (error: unknown) =>
      error instanceof LocalCloudError &&
      error.message === ".env cannot be read: Key GCLOUD_PROJECT is reserved for internal use.";
    await assert.rejects(read(), refused);
  });
});

describe("the shell's variables", () => {
  it("reach functions where they are settings, and not where they belong to the system or to a login at Google", () => {
    const settings = {
      SEC_CONTACT_EMAIL: "a@b.test",
      SCRAPE_CONTACT_URL: "https://b.test",
      TIERS: "{}",
      LEASE_MS: "1",
    };
    const others = {
      PATH: "/bin",
      HOME: "/root",
      NODE_OPTIONS: "--inspect",
      npm_config_cache: "/c",
      HTTPS_PROXY: "http://p",
      GOOGLE_APPLICATION_CREDENTIALS: "/key.json",
      GOOGLE_CLOUD_PROJECT: "real",
      FIREBASE_TOKEN: "t",
      FIRESTORE_EMULATOR_HOST: "127.0.0.1:1",
      _: "/bin/node",
    };
    assert.deepEqual(passedThrough({ ...settings, ...others }), settings);
  });
});
