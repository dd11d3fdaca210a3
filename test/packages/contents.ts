import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);
const Manifest = z.object({
  scripts: z.unknown().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** What a package is allowed to hold, and what it has to; every file of a tarball is below `package/`. */
interface Contents {
  allowed: RegExp;
  needed: readonly string[];
  dependencies: readonly string[];
}

const COMPILED = /^((cjs\/)?src\/[\w/-]+\.(js|js\.map|d\.ts)|cjs\/package\.json)$/;
const EVERYWHERE = ["LICENSE", "README.md", "package.json"];

/** Each published package. No source, no test, no script and no package of another is in it. */
const CONTENTS: Readonly<Record<string, Contents>> = {
  protocol: { allowed: COMPILED, needed: ["src/index.js", "cjs/src/index.js"], dependencies: ["zod"] },
  client: {
    allowed: COMPILED,
    needed: ["src/index.js", "cjs/src/index.js"],
    dependencies: ["@baton/protocol", "standardwebhooks", "zod"],
  },
  engine: {
    allowed: /^((esm|cjs)\/([\w-]+\.js(\.map)?|types\/[\w/-]+\.d\.ts)|cjs\/package\.json)$/,
    needed: [
      ...["index", "testing", "kit", "egress", "egress-settings", "build", "lease-guard"].flatMap((name) => [
        `esm/${name}.js`,
        `cjs/${name}.js`,
      ]),
      "THIRD_PARTY_NOTICES",
      "npm-shrinkwrap.json",
    ],
    dependencies: [],
  },
};

/** Throws when a tarball in `packed` holds something that it should not, or lacks something. */
export async function demandContents(name: string, packed: string): Promise<void> {
  const { allowed, needed, dependencies } = CONTENTS[name] ?? assert.fail(`there is no list for ${name}`);
  const tarball = join(packed, `baton-${name}-0.1.0.tgz`);
  const { stdout } = await run("tar", ["-tzf", tarball]);
  const files = stdout
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
  const known = [...EVERYWHERE, ...needed];
  assert.deepEqual(
    known.filter((file) => !files.includes(file)),
    [],
    `${name} lacks files`,
  );
  assert.deepEqual(
    files.filter((file) => !known.includes(file) && !allowed.test(file)),
    [],
    `${name} has files that it should not have`,
  );
  const manifest = await run("tar", ["-xzOf", tarball, "package/package.json"]);
  const { scripts, dependencies: installed } = Manifest.parse(JSON.parse(manifest.stdout));
  assert.equal(scripts, undefined, `${name} has scripts`);
  assert.deepEqual(Object.keys(installed), dependencies, `${name} installs other packages`);
}
