import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { COMMONJS_NAMES, ES_BUNDLE, withoutBanner } from "../engine/build/es-bundle.ts";
import { keepOwnSources } from "../engine/build/source-maps.ts";
import { bundleName, COMMONJS, ESM } from "./manifest.ts";
import { type BundledForm, type PublishedPackage, ROOT } from "./packages.ts";

/** The oldest Node that a team develops with. Cloud Functions runs none before 22. */
const OLDEST_NODE = "node20.19";

/**
 * Bundles the exports of a package, with all that they need but its peers, into ES modules and into CommonJS modules.
 * What one export or one function runs is in chunks of its own. Answers with the folders of the packages whose code is
 * in the bundle.
 */
export async function bundle(
  { folder }: PublishedPackage,
  { starts, peers, optionalPeers }: BundledForm,
  exports: Readonly<Record<string, string>>,
  target: string,
): Promise<string[]> {
  const source = join(ROOT, folder);
  const exported = Object.entries(exports).map(([name, path]) => [bundleName(name), join(source, path)]);
  const others = Object.entries(starts).map(([name, path]) => [name, join(source, path)]);
  const esm = join(target, ESM);
  const { metafile } = await build({
    ...ES_BUNDLE,
    entryPoints: Object.fromEntries([...exported, ...others]),
    outdir: esm,
    target: OLDEST_NODE,
    external: [...Object.keys(peers), ...Object.keys(optionalPeers)],
    absWorkingDir: ROOT,
    metafile: true,
  });
  await keepOwnSources(esm);
  await writeCommonJs(esm, join(target, COMMONJS));
  for (const format of [ESM, COMMONJS]) await placeSources(join(target, format), folder);
  return packagesIn(Object.keys(metafile.inputs));
}

/**
 * Writes each ES module of a folder as a CommonJS module. So `require` finds the same chunks, and a codebase in
 * CommonJS has one copy of each peer: its own.
 */
async function writeCommonJs(esm: string, outdir: string): Promise<void> {
  const modules = (await readdir(esm)).filter((name) => name.endsWith(".js"));
  await build({
    entryPoints: modules.map((name) => join(esm, name)),
    outdir,
    format: "cjs",
    platform: "node",
    target: OLDEST_NODE,
    supported: { "dynamic-import": false },
    define: COMMONJS_NAMES.define,
    banner: { js: COMMONJS_NAMES.banner },
    plugins: [withoutBanner(/\.js$/)],
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
  });
  await writeFile(join(outdir, "package.json"), '{ "type": "commonjs" }\n');
}

/** Names the sources in the maps by their places in the package's repository, below the installed package. */
async function placeSources(outdir: string, folder: string): Promise<void> {
  const above = new RegExp(`"(?:\\.\\./)+(?:${folder}/)?`, "g");
  for (const name of (await readdir(outdir)).filter((each) => each.endsWith(".js.map"))) {
    const path = join(outdir, name);
    await writeFile(path, (await readFile(path, "utf8")).replaceAll(above, '"../'));
  }
}

/** The folders of packages among the paths of modules, without those of this repository. */
function packagesIn(inputs: readonly string[]): string[] {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}
