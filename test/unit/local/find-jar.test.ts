import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FIRESTORE_JAR, findJar, PUBSUB_JAR } from "../../../local/emulators/find-jar.ts";
import { majorVersion } from "../../../local/emulators/java.ts";

describe("the search for emulators", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-test-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function create(path: string): Promise<string> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), "");
    return join(root, path);
  }
  const places = () => ({ cacheRoot: join(root, "cache"), sdkRoots: [join(root, "none"), join(root, "sdk")] });

  it("takes the newest version in Firebase's cache, by number and not by letter", async () => {
    await create("cache/cloud-firestore-emulator-v1.9.0.jar");
    const newest = await create("cache/cloud-firestore-emulator-v1.19.8.jar");
    assert.equal(findJar(FIRESTORE_JAR, {}, places()), newest);
  });

  it("looks into the gcloud SDK after the cache", async () => {
    const jar = await create("sdk/platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar");
    assert.equal(findJar(PUBSUB_JAR, {}, places()), jar);
    const cached = await create(
      "cache/pubsub-emulator-0.8.37/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.37-all.jar",
    );
    assert.equal(findJar(PUBSUB_JAR, {}, places()), cached);
  });

  it("takes the file the environment names, and no other when that one is missing", async () => {
    await create("cache/cloud-firestore-emulator-v1.9.0.jar");
    const named = await create("mine.jar");
    assert.equal(findJar(FIRESTORE_JAR, { FIRESTORE_EMULATOR_JAR: named }, places()), named);
    assert.equal(findJar(FIRESTORE_JAR, { FIRESTORE_EMULATOR_JAR: `${named}.gone` }, places()), undefined);
  });

  it("finds nothing where nothing is", () => {
    assert.equal(findJar(PUBSUB_JAR, {}, places()), undefined);
  });
});

describe("the Java version", () => {
  it("is read in its new and its old form", () => {
    assert.equal(majorVersion("    java.specification.version = 17\n"), 17);
    assert.equal(majorVersion("    java.specification.version = 1.8\n"), 8);
    assert.equal(majorVersion("no java"), undefined);
  });
});
