// Runs the real start in each environment until it is ready, one job through it, and stops it again. `npm run
// test:environments -- text` runs those whose name has the text.
import assert from "node:assert/strict";
import { buildConsole, buildFunctions, deployedCodebases } from "../../local/builds.ts";
import { copyCheckout, removeCheckout } from "./checkout.ts";
import { ENVIRONMENTS, type Environment } from "./environments.ts";
import { startIn, type Trial } from "./trial.ts";

// Copies of a fresh build start in seconds.
const log = (_: string, line: string) => console.log(line);
await buildFunctions(await deployedCodebases(), log);
await buildConsole(log);

const [wanted = ""] = process.argv.slice(2);
let failures = 0;

for (const environment of ENVIRONMENTS.filter(({ name }) => name.includes(wanted))) {
  const startedAt = performance.now();
  const problem = await tryOut(environment).catch((error: unknown) => error);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${problem === undefined ? "✔" : "✖"} ${environment.name} (${seconds} s)`);
  if (problem === undefined) continue;
  failures += 1;
  console.error(problem instanceof Error ? problem.stack : problem);
}
process.exit(failures === 0 ? 0 : 1);

async function tryOut(environment: Environment): Promise<undefined> {
  const root = await copyCheckout(environment);
  const trials: Trial[] = [];
  try {
    await environment.prepare?.(root);
    const count = environment.twice ? 2 : 1;
    trials.push(...Array.from({ length: count }, () => startIn(root, environment)));
    if (environment.refusal) return await assertRefused(trials, environment.refusal);
    await Promise.all(trials.map((trial) => trial.runOneJob()));
    await Promise.all(trials.map((trial) => trial.stop()));
  } finally {
    for (const trial of trials) trial.kill();
    await removeCheckout(root);
  }
}

async function assertRefused(trials: Trial[], refusal: RegExp): Promise<undefined> {
  for (const trial of trials) {
    assert.equal(await trial.ended, 1);
    assert.match(trial.stderr(), refusal);
    assert.doesNotMatch(trial.stderr(), /\n {4}at /);
  }
}
