// Renews the fixture's lockfile, after a change of a package's dependencies: `node test/packages/lock.ts`.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packPackages } from "../../release/pack.ts";

const Lockfile = z.looseObject({ packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional() })) });
const FIXTURE = join(import.meta.dirname, "fixture");

const project = await mkdtemp(join(tmpdir(), "baton-lock-"));
try {
  await packPackages(join(project, "packed"));
  for (const name of ["package.json", "package-lock.json"]) await cp(join(FIXTURE, name), join(project, name));
  const options = ["--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"];
  await promisify(execFile)("npm", ["install", ...options], { cwd: project });
  const lockfile = Lockfile.parse(JSON.parse(await readFile(join(project, "package-lock.json"), "utf8")));
  for (const [path, locked] of Object.entries(lockfile.packages)) {
    // Each trial packs tarballs of its own.
    if (path.startsWith("node_modules/@baton/")) delete locked.integrity;
  }
  await writeFile(join(FIXTURE, "package-lock.json"), `${JSON.stringify(lockfile, null, 2)}\n`);
} finally {
  await rm(project, { recursive: true, force: true });
}
