import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type LockOptions, withBuildLock } from "../../../local/build-lock.ts";

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

  it("is taken over at once from a process of this machine that died", async () => {
    await withBuildLock(lock, async () => {});
    // Above the largest process id of any system.
    await writeFile(lock, `4194999 ${hostname()} an-id`);
    assert.equal(await isBuiltUnder(lock, {}), true);
  });

  for (const [whose, holder] of [
    ["of a process whose id another program has by now", `${process.pid} ${hostname()} an-id`],
    ["of another container, whose process ids are its own", "1 another-container an-id"],
    ["that holds no process id, its writer having died", ""],
  ] as const) {
    it(`is taken over when it is no longer touched: one ${whose}; the wait is logged once`, async () => {
      await withBuildLock(lock, async () => {});
      await writeFile(lock, holder);
      let waits = 0;
      assert.equal(await isBuiltUnder(lock, { abandonedMs: 300, onWait: () => void waits++ }), true);
      assert.equal(waits, 1);
    });
  }

  it("is not taken over from a build that runs", async () => {
    const building = Promise.withResolvers<void>();
    const first = withBuildLock(lock, () => building.promise, { touchEveryMs: 50 });
    let isSecondBuilt = false;
    let touches = 0;
    const waiting = Promise.withResolvers<void>();
    const build = async () => {
      isSecondBuilt = true;
    };
    const second = withBuildLock(lock, build, {
      abandonedMs: 3_000,
      onWait: waiting.resolve,
    });
    await waiting.promise;
    // Longer than an untouched lock would last.
    for (let last = 0; touches < 70; await new Promise((resolve) => setTimeout(resolve, 10))) {
      const { mtimeMs } = await stat(lock);
      if (mtimeMs > last) touches += 1;
      last = mtimeMs;
    }
    assert.equal(isSecondBuilt, false);
    building.resolve();
    await Promise.all([first, second]);
    assert.equal(isSecondBuilt, true);
  });

  it("is waited for no longer when the start is broken off", async () => {
    await withBuildLock(lock, async () => {});
    await writeFile(lock, "1 another-container an-id");
    const stop = new AbortController();
    const waiting = withBuildLock(lock, async () => {}, {
      signal: stop.signal,
      onWait: () => stop.abort(new Error("stop")),
    });
    await assert.rejects(waiting);
  });
});

async function isBuiltUnder(lock: string, options: LockOptions): Promise<boolean> {
  let isBuilt = false;
  await withBuildLock(
    lock,
    async () => {
      isBuilt = true;
    },
    options,
  );
  return isBuilt;
}
