// Publishes all packages with one version. `node release/release.ts` is a dry run: it does all but the upload.
// `node release/release.ts --publish` uploads, and runs in a CI service whose identity npm trusts: it signs the provenance.
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { packPackages } from "./pack.ts";
import { BUILT, FOLDERS, ROOT } from "./packages.ts";
import { judgeRelease, type Release } from "./release-checks.ts";
import { billOfMaterials, tarballOf } from "./sbom.ts";

const run = promisify(execFile);
/** Receives the tarballs, the bills of materials and the notes: what is attached to the release. */
const ASSETS = join(BUILT, "release");

async function readState() {
  const git = async (...options: string[]) => (await run("git", options, { cwd: ROOT })).stdout;
  const manifests = FOLDERS.map(async (folder): Promise<unknown> => {
    return JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
  });
  return judgeRelease({
    manifests: await Promise.all(manifests),
    changelog: await readFile(join(ROOT, "CHANGELOG.md"), "utf8"),
    uncommitted: await git("status", "--porcelain"),
    tags: (await git("tag")).split("\n"),
    today: new Date().toISOString().slice(0, 10),
  });
}

async function makeAssets({ version, notes }: Release): Promise<void> {
  await rm(ASSETS, { recursive: true, force: true });
  await packPackages(ASSETS);
  await mkdir(ASSETS, { recursive: true });
  await writeFile(join(ASSETS, "notes.md"), `${notes}\n`);
  for (const folder of FOLDERS) {
    await writeFile(join(ASSETS, `baton-${folder}-${version}.cdx.json`), await billOfMaterials(folder, ASSETS));
  }
}

/** Uploads the tarballs, each after those that it depends on. A repeated run passes over those that npm has. */
async function upload(version: string, isDryRun: boolean): Promise<void> {
  for (const folder of FOLDERS) {
    const name = `@baton/${folder}`;
    if (!isDryRun && (await isPublished(`${name}@${version}`))) continue;
    const mode = isDryRun ? ["--dry-run"] : ["--provenance"];
    await run("npm", [
      "publish",
      join(ASSETS, tarballOf(name, version)),
      "--access=public",
      "--ignore-scripts",
      ...mode,
    ]);
    console.log(`${isDryRun ? "would publish" : "published"} ${name}@${version}`);
  }
}

async function isPublished(spec: string): Promise<boolean> {
  return run("npm", ["view", spec, "version"]).then(
    ({ stdout }) => stdout.trim() !== "",
    () => false,
  );
}

const { values } = parseArgs({ options: { publish: { type: "boolean", default: false } } });
const { release, problems } = await readState();
for (const problem of problems) console.error(problem);
if (values.publish && problems.length > 0) {
  console.error("Nothing was published.");
  process.exitCode = 1;
} else {
  await makeAssets(release);
  await upload(release.version, !values.publish);
  console.log(`The release's files are in ${ASSETS}. Tag: v${release.version}`);
}
