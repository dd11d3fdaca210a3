// Renews the fixture's lockfile, after a change of a package's dependencies: `node test/packages/lock.ts`.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { packPackages } from "../../release/pack.ts";

const Lockfile = z.looseObject({ packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional() })) });
type Lockfile = z.infer<typeof Lockfile>;
const FIXTURE = join(import.meta.dirname, "fixture");

const project = await mkdtemp(join(tmpdir(), "baton-lock-"));
try {
  await packPackages(join(project, "packed"));
  await cp(join(FIXTURE, "package.json"), join(project, "package.json"));
  await writeLockfile(join(project, "package-lock.json"), withoutOwn(await readLockfile(FIXTURE)));
  const options = ["--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"];
  await promisify(execFile)("npm", ["install", ...options], { cwd: project });
  const lockfile = await readLockfile(project);
  for (const [path, locked] of Object.entries(lockfile.packages)) {
    // Each trial packs tarballs of its own.
    if (path.startsWith("node_modules/@baton/")) delete locked.integrity;
  }
  await writeLockfile(join(FIXTURE, "package-lock.json"), lockfile);
} finally {
  await rm(project, { recursive: true, force: true });
}

async function readLockfile(folder: string): Promise<Lockfile> {
  return Lockfile.parse(JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8")));
}

/** npm takes what a lockfile says of a tarball for granted, and never looks into the tarball. */
function withoutOwn({ packages, ...rest }: Lockfile): Lockfile {
  const others = Object.entries(packages).filter(([path]) => !path.startsWith("node_modules/@baton/"));
  return { ...rest, packages: Object.fromEntries(others) };
}

function writeLockfile(path: string, lockfile: Lockfile): Promise<void> {
  return writeFile(path, `${JSON.stringify(lockfile, null, 2)}\n`);
}
