import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withBuildLock } from "../../../local/build-lock.ts";

describe("the build lock", () => {
  let folder: string;
  let lock: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-test-"));
    lock = join(folder, "below", "build.lock");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lets one build run after the other", async () => {
    const events: string[] = [];
    const build = (name: string) => async () => {
      events.push(`${name} starts`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
    };
    await Promise.all([withBuildLock(lock, build("a")), withBuildLock(lock, build("b"))]);
    const [first = "", , third = ""] = events;
    assert.deepEqual(events, [first, first.replace("starts", "ends"), third, third.replace("starts", "ends")]);
  });

  it("is free again after a build that failed", async () => {
    await assert.rejects(
      withBuildLock(lock, () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.equal(existsSync(lock), false);
  });

  it("is taken over from a process that died", async () => {
    await withBuildLock(lock, async () => {});
    // Above the largest process id of any system.
    await writeFile(lock, "4194999");
    let isBuilt = false;
    await withBuildLock(lock, async () => {
      isBuilt = true;
    });
    assert.equal(isBuilt, true);
  });
});
