import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { z } from "zod";
import { BUILT, ROOT } from "./packages.ts";

/** Rules and indexes of this repository, which the command copies from, or compares with. */
const TEXTS = ["firestore.rules", "storage.rules", "firestore.indexes.json"];
const PROGRAM = "dist/main.js";

const Workspace = z.looseObject({ name: z.string(), version: z.string() });

/** Names that CommonJS packages expect, defined for an ES module. */
const COMMONJS_BANNER =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/**
 * Builds the package of the command `baton`: one program that holds all it needs, so that `npx` has one thing to
 * download, and it starts at once.
 */
export async function buildCli(): Promise<void> {
  const target = join(BUILT, "cli");
  await mkdir(join(target, "dist"), { recursive: true });
  await build({
    entryPoints: [join(ROOT, "cli", "src", "main.ts")],
    outfile: join(target, PROGRAM),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    minifySyntax: true,
    legalComments: "none",
    banner: { js: COMMONJS_BANNER },
    logLevel: "warning",
  });
  for (const name of TEXTS) await copyFile(join(ROOT, name), join(target, "dist", name));
  await copyFile(join(ROOT, "cli", "README.md"), join(target, "README.md"));
  await copyFile(join(ROOT, "LICENSE"), join(target, "LICENSE"));
  const workspace = Workspace.parse(JSON.parse(await readFile(join(ROOT, "cli", "package.json"), "utf8")));
  const manifest = publishedCli(workspace);
  await writeJson(join(target, "package.json"), manifest);
  const { name, version } = workspace;
  // It installs nothing, and says so.
  const shrinkwrap = { name, version, lockfileVersion: 3, requires: true, packages: { "": manifest } };
  await writeJson(join(target, "npm-shrinkwrap.json"), shrinkwrap);
}

/** The `package.json` of the command as it is published: its dependencies are in the program. */
export function publishedCli({ private: _, dependencies: __, ...rest }: z.infer<typeof Workspace>) {
  return { ...rest, bin: { baton: `./${PROGRAM}` }, exports: { "./package.json": "./package.json" }, files: ["dist"] };
}

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
