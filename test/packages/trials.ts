import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Something that another team does with the packages. */
export interface Trial {
  name: string;
  /** Runs a program of the project, or a script of it; rejects when it fails. */
  steps: readonly (readonly string[])[];
}

const node = (version: string) => `node_modules/${version}/bin/node`;
const tsc = ["node_modules/.bin/tsc", "--noEmit", "--strict", "--target", "es2023", "--types", "node"];
const TYPESCRIPT = [...tsc, "--skipLibCheck", "--exactOptionalPropertyTypes"];

/** TypeScript's oldest resolution knows no exports. */
const ATTW = ["--profile", "node16"];

/** The packages that are packed, by their folders. */
export const PACKED = ["protocol", "client", "engine"] as const;

/** Every way in which the packages are used outside this repository. */
export const TRIALS: readonly Trial[] = [
  ...["node20", "node22", "node24"].flatMap((version): Trial[] => [
    { name: `import in ${version}`, steps: [[node(version), "src/esm.mjs"]] },
    { name: `require in ${version}`, steps: [[node(version), "src/commonjs.cjs"]] },
  ]),
  ...["node20", "node22", "node24"].map((version) => ({
    name: `the command in ${version}`,
    steps: [[node(version), "src/cli.mjs"]],
  })),
  {
    name: "publint, cli",
    steps: [["node_modules/.bin/publint", "run", "--strict", "node_modules/@baton/cli"]],
  },
  // Node 20 runs no function any more, but it deploys them, and runs the tests of job types.
  ...["node20", "node22", "node24"].flatMap((version): Trial[] => [
    { name: `a job type and its test in ${version}`, steps: [[node(version), "src/engine.mjs"]] },
    { name: `a CommonJS codebase in ${version}`, steps: [[node(version), "src/engine.cjs"]] },
    {
      name: `a codebase as firebase init writes it in ${version}`,
      steps: [
        [node("node24"), "node_modules/typescript57/bin/tsc", "-p", "codebase"],
        [node(version), "src/read-codebase.cjs"],
      ],
    },
  ]),
  ...PACKED.flatMap((name): Trial[] => [
    {
      name: `publint, ${name}`,
      steps: [["node_modules/.bin/publint", "run", "--strict", `node_modules/@baton/${name}`]],
    },
    { name: `declarations of ${name}`, steps: [["node_modules/.bin/attw", `packed/baton-${name}-0.1.0.tgz`, ...ATTW]] },
  ]),
  {
    name: "TypeScript, nodenext",
    steps: [[...TYPESCRIPT, "--module", "nodenext", "src/client.ts", "src/functions.ts"]],
  },
  {
    name: "TypeScript, bundler",
    steps: [
      [...TYPESCRIPT, "--module", "esnext", "--moduleResolution", "bundler", "src/client.ts", "src/functions.ts"],
    ],
  },
  {
    name: "esbuild",
    steps: [["node_modules/.bin/esbuild", "src/page.js", "--bundle", "--minify", "--outfile=out/esbuild.js"]],
  },
  { name: "Vite", steps: [["node_modules/.bin/vite", "build", "--logLevel", "warn"]] },
  { name: "webpack", steps: [[node("node24"), "webpack.mjs"]] },
  { name: "Next.js", steps: [["node_modules/.bin/next", "build"]] },
  {
    name: "an edge runtime",
    steps: [
      ["node_modules/.bin/esbuild", "src/edge.js", "--bundle", "--outfile=out/edge.js"],
      [node("node24"), "edge.mjs"],
    ],
  },
];

/** Runs a trial in a folder. Rejects with what its programs printed. */
export async function runTrial({ steps }: Trial, folder: string): Promise<void> {
  for (const [program = "", ...options] of steps) {
    try {
      await run(join(folder, program), options, { cwd: folder, env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" } });
    } catch (error) {
      throw new Error(printedOf(error), { cause: error });
    }
  }
}

function printedOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const printed = "stdout" in error && "stderr" in error ? `${error.stdout}${error.stderr}`.trim() : "";
  return printed === "" ? error.message : printed;
}
