import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildCli } from "./cli.ts";
import { compile } from "./compile.ts";
import { COMMONJS, ESM, publishedManifest } from "./manifest.ts";
import { BUILT, PACKAGES, type PublishedPackage, ROOT } from "./packages.ts";

/** Builds every package into a folder of its own below `release/dist`, from which `npm pack` and `npm publish` run. */
export async function buildPackages(): Promise<void> {
  await rm(BUILT, { recursive: true, force: true });
  await mkdir(BUILT, { recursive: true });
  for (const each of PACKAGES) await buildPackage(each);
  await buildCli();
}

async function buildPackage(published: PublishedPackage): Promise<void> {
  const source = join(ROOT, published.folder);
  const target = join(BUILT, published.folder);
  await compile(published, target, "esm");
  if (published.hasCommonJs) await compile(published, join(target, "cjs"), "cjs");
  await published.addFiles?.(target);
  const workspace: unknown = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const manifest = publishedManifest(workspace, published.hasCommonJs ? [COMMONJS, ESM] : [ESM]);
  await writeFile(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await copyFile(join(source, "README.md"), join(target, "README.md"));
  await copyFile(join(ROOT, "LICENSE"), join(target, "LICENSE"));
}
