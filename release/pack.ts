import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPackages } from "./build.ts";
import { BUILT, FOLDERS } from "./packages.ts";

const run = promisify(execFile);

/** Builds every package and writes its tarball, as npm would publish it, into a folder. */
export async function packPackages(into: string): Promise<void> {
  await buildPackages();
  await mkdir(into, { recursive: true });
  for (const folder of FOLDERS) {
    await run("npm", ["pack", "--silent", "--pack-destination", into], { cwd: join(BUILT, folder) });
  }
}
