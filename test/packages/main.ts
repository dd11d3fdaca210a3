// Installs the packages, as they would be published, into a project of another team, and uses them there in every way that
// counts. `npm run test:packages -- node20` runs the trials whose name has the text.
// Versions are those of its lockfile, which `node test/packages/lock.ts` renews.
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packPackages } from "../../release/pack.ts";
import { demandContents } from "./contents.ts";
import { PACKED, runTrial, TRIALS } from "./trials.ts";

const run = promisify(execFile);
const [wanted = ""] = process.argv.slice(2);
const project = await mkdtemp(join(tmpdir(), "baton-packages-"));
let failures = 0;

try {
  await packPackages(join(project, "packed"));
  await cp(join(import.meta.dirname, "fixture"), project, { recursive: true });
  await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: project });
  for (const name of PACKED.filter((each) => `contents of ${each}`.includes(wanted))) {
    report(`contents of ${name}`, await demandContents(name, join(project, "packed")).catch((error: unknown) => error));
  }
  for (const trial of TRIALS.filter(({ name }) => name.includes(wanted))) {
    report(trial.name, await runTrial(trial, project).catch((error: unknown) => error));
  }
} finally {
  await rm(project, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);

function report(name: string, problem: unknown): void {
  console.log(`${problem === undefined ? "✔" : "✖"} ${name}`);
  if (problem === undefined) return;
  failures += 1;
  console.error(problem instanceof Error ? problem.message : problem);
}
