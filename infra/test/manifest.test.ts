import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readManifest } from "../src/manifest.ts";

const FIXTURE = join(import.meta.dirname, "../../test/support/functions-fixture");

describe("readManifest", () => {
  it("reads the functions, with their topics and secrets", async () => {
    const { endpoints } = await readManifest(FIXTURE, "demo-project");
    assert.equal(endpoints.moody?.eventTrigger?.eventFilters?.topic, "baton-jobs-moody");
    assert.deepEqual(endpoints["baton-api"]?.secretEnvironmentVariables, [{ key: "DECLARED_SECRET" }]);
    assert.equal(endpoints["baton-api"]?.eventTrigger, undefined);
  });

  it("says what to do when the functions are not built", async () => {
    const folder = join(tmpdir(), "baton-no-such-folder");
    await assert.rejects(readManifest(folder, "demo-project"), /run "npm run build" first/);
  });

  it("says why the functions refuse to be deployed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "baton-refused-"));
    try {
      await writeFile(join(folder, "package.json"), '{ "main": "index.js" }');
      await writeFile(join(folder, "index.js"), 'throw new Error("TIERS is not JSON");');
      await assert.rejects(readManifest(folder, "demo-project"), /TIERS is not JSON/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
