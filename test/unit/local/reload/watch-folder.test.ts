import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buildPlanOf } from "../../../../local/reload/build-plan.ts";
import { ignoredBy } from "../../../../local/reload/ignored-by.ts";
import { type Watched, watchFolder } from "../../../../local/reload/watch-folder.ts";
import { waitFor } from "../../../support/wait-for.ts";

describe("a codebase that is followed", () => {
  let folder: string;
  let watched: Watched | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-watch-"));
    await mkdir(join(folder, "functions", "src", "deep"), { recursive: true });
    await mkdir(join(folder, "functions", "node_modules", "some"), { recursive: true });
  });
  afterEach(async () => {
    watched?.close();
    await rm(folder, { recursive: true });
  });

  const codebase = (source = "functions", ignore: string[] = []) => ({
    name: "default",
    source: join(folder, source),
    configDir: join(folder, "functions"),
    ignore,
  });
  const write = (path: string, text = "") => writeFile(join(folder, "functions", path), text);

  it("tells of files that are written or renamed, in new folders too, and not of those that are not deployed", async () => {
    const changed = new Set<string>();
    const source = join(folder, "functions");
    const isIgnored = ignoredBy(codebase("functions", ["*.log", "docs/**"]));
    watched = await watchFolder(source, { isIgnored, onChange: (path) => void changed.add(relative(source, path)) });
    await write("node_modules/some/index.js");
    await write("debug.log");
    await write("src/deep/a.js");
    await waitFor("the first file", async () => changed.has("src/deep/a.js"));
    await write("src/b.tmp");
    await rename(join(source, "src/b.tmp"), join(source, "src/b.js"));
    await waitFor("the renamed file", async () => changed.has("src/b.js"));
    await mkdir(join(source, "new"));
    await waitFor("the new folder", async () => {
      await write("new/c.js", String(Math.random()));
      return changed.has("new/c.js");
    });
    assert.deepEqual(
      [...changed].filter((path) => path.endsWith(".log") || path.startsWith("node_modules")),
      [],
    );
  });

  it("names a file that is written again and again by its own path alone", async () => {
    const changed = new Set<string>();
    const source = join(folder, "functions");
    const isIgnored = ignoredBy(codebase());
    watched = await watchFolder(source, { isIgnored, onChange: (path) => void changed.add(relative(source, path)) });
    for (let i = 0; i < 200; i++) await write("src/index.js", String(i));
    await write("src/last.js");
    await waitFor("the last file", async () => changed.has("src/last.js"));
    assert.deepEqual([...changed].toSorted(), ["src/index.js", "src/last.js"]);
  });

  it("is built by its script that watches, else by its build script, also beside a folder of output", async () => {
    const [root, functions] = [folder, join(folder, "functions")];
    await write("package.json", JSON.stringify({ main: "lib/index.js" }));
    assert.deepEqual(await buildPlanOf(codebase(), root), { how: "none", watched: functions });
    await write("package.json", JSON.stringify({ main: "lib/index.js", scripts: { build: "tsc" } }));
    const built = {
      how: "script",
      script: "build",
      folder: functions,
      watched: functions,
      output: join(functions, "lib"),
    };
    assert.deepEqual(await buildPlanOf(codebase(), root), built);
    await mkdir(join(functions, "dist"));
    await write("dist/package.json", JSON.stringify({ main: "index.js" }));
    assert.deepEqual(await buildPlanOf(codebase("functions/dist"), root), {
      ...built,
      output: join(functions, "dist"),
    });
    const scripts = { build: "tsc", "build:watch": "tsc --watch" };
    await write("package.json", JSON.stringify({ main: "lib/index.js", scripts }));
    assert.deepEqual(await buildPlanOf(codebase(), root), {
      how: "watch-script",
      script: "build:watch",
      folder: functions,
      watched: join(functions, "lib"),
      hasBuild: true,
    });
  });
});
