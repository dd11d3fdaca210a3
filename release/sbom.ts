import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { PACKAGES, ROOT } from "./packages.ts";

const run = promisify(execFile);
const Dependencies = z.looseObject({ dependencies: z.record(z.string(), z.string()).default({}) });

/**
 * Lists what a package is made of, bundled or installed beside it, as a software bill of materials: JSON of CycloneDX.
 * Packages of this repository are taken from their tarballs in `packed`, since their version may not be on npm yet.
 * Asks the registry for the others.
 */
export async function billOfMaterials(folder: string, packed: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "baton-sbom-"));
  // npm names the package in the bill by its folder.
  const cwd = join(scratch, "@baton", folder);
  try {
    await mkdir(cwd, { recursive: true });
    await writeFile(join(cwd, "package.json"), await manifestOf(folder, packed));
    await run("npm", ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd });
    const format = ["--sbom-format=cyclonedx", "--sbom-type=library", "--package-lock-only", "--omit=dev"];
    const { stdout } = await run("npm", ["sbom", ...format], { cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The `package.json` of a workspace, with tarballs in place of the packages of this repository. */
async function manifestOf(folder: string, packed: string): Promise<string> {
  const manifest = Dependencies.parse(JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8")));
  const dependencies = Object.entries(manifest.dependencies).map(([name, version]) => [
    name,
    PACKAGES.some((own) => name === `@baton/${own.folder}`)
      ? `file:${join(packed, tarballOf(name, version))}`
      : version,
  ]);
  return JSON.stringify({ ...manifest, dependencies: Object.fromEntries(dependencies) });
}

/** The file name that `npm pack` gives a package. */
export function tarballOf(name: string, version: string): string {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}
