import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseStartOptions } from "../../../local/options.ts";
import { assertSameAsFile, codeBlocks, ROOT } from "./markdown.ts";

/** The commands of the README, and the test that runs each. */
const RUN_BY: ReadonlyMap<string, string> = new Map([
  ["npm ci && npm run demo", "test/integration/readme.test.ts"],
  ["TOKEN=$(npm run --silent token -- ada)", "test/integration/readme.test.ts"],
  ["npm start", "test/integration/local-start.test.ts"],
  ['npm start -- --chaos "', "test/unit/examples/readme.test.ts"],
  // The command that runs this file.
  ["npm ci && npm test", "package.json"],
  ["npx @baton/cli init", "test/first-job/first-job.test.ts"],
  ["curl http://127.0.0.1:5001/v1/jobs", "test/first-job/first-job.test.ts"],
]);

describe("README.md", () => {
  const blocks = codeBlocks(readFileSync(join(ROOT, "README.md"), "utf8"));

  for (const block of blocks.filter(({ info }) => info.startsWith("ts"))) {
    it(`has the text of ${block.info.split(" ")[1]}`, () => assertSameAsFile(block));
  }

  it("has no commands that no test runs", () => {
    const commands = blocks.filter(({ info }) => info === "sh").map(({ text }) => text);
    assert.deepEqual(
      commands.filter((command) => ![...RUN_BY.keys()].some((start) => command.startsWith(start))),
      [],
    );
    assert.equal(commands.length, RUN_BY.size);
  });

  it("starts the local cloud with faults that it knows", () => {
    const command = blocks.find(({ text }) => text.includes("--chaos"))?.text ?? "";
    const [, faults = ""] = /^npm start -- --chaos "(.+)"\n$/.exec(command) ?? [];
    assert.equal(parseStartOptions(["--chaos", faults]).outcome, "run");
  });
});
