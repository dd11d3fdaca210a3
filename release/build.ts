import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { buildCli } from "./cli.ts";
import { compile } from "./compile.ts";
import { declare } from "./declarations.ts";
import { bundledManifest, compiledManifest, readManifest, type WorkspaceManifest } from "./manifest.ts";
import { noticesOf } from "./notices.ts";
import { BUILT, type BundledForm, type CompiledForm, PACKAGES, type PublishedPackage, ROOT } from "./packages.ts";

/** Builds every package into a folder of its own below `release/dist`, from which `npm pack` and `npm publish` run. */
export async function buildPackages(): Promise<void> {
  await rm(BUILT, { recursive: true, force: true });
  await mkdir(BUILT, { recursive: true });
  for (const each of PACKAGES) await buildPackage(each);
  await buildCli();
}

async function buildPackage(published: PublishedPackage): Promise<void> {
  const { form } = published;
  const source = join(ROOT, published.folder);
  const target = join(BUILT, published.folder);
  const workspace = readManifest(await readFile(join(source, "package.json"), "utf8"));
  if (form.kind === "compiled") await buildCompiled(published, form, workspace, target);
  else await buildBundled(published, form, workspace, target);
  await published.addFiles?.(target);
  await copyFile(join(source, "README.md"), join(target, "README.md"));
  await copyFile(join(ROOT, "LICENSE"), join(target, "LICENSE"));
}

async function buildCompiled(
  published: PublishedPackage,
  { hasCommonJs }: CompiledForm,
  workspace: WorkspaceManifest,
  target: string,
): Promise<void> {
  await compile(published, target, "esm");
  if (hasCommonJs) await compile(published, join(target, "cjs"), "cjs");
  await writeJson(join(target, "package.json"), compiledManifest(workspace, hasCommonJs));
}

async function buildBundled(
  published: PublishedPackage,
  form: BundledForm,
  workspace: WorkspaceManifest,
  target: string,
): Promise<void> {
  const packages = await bundle(published, form, workspace.exports, target);
  await declare(published, Object.values(workspace.exports), target);
  const manifest = bundledManifest(workspace, form);
  await writeJson(join(target, "package.json"), manifest);
  const { name, version } = manifest;
  // It installs nothing, and says so: a package without it gets whatever is newest of what it needs.
  const shrinkwrap = { name, version, lockfileVersion: 3, requires: true, packages: { "": manifest } };
  await writeJson(join(target, "npm-shrinkwrap.json"), shrinkwrap);
  await writeFile(join(target, "THIRD_PARTY_NOTICES"), await noticesOf(packages));
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
