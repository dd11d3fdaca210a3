import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { EXIT } from "../../../cli/src/commands/exit-codes.ts";
import { FINDING_CODES } from "../../../cli/src/doctor/finding.ts";
import { REFUSAL_CODES } from "../../../cli/src/refusal.ts";

const text = readFileSync("docs/cli.md", "utf8");
const named = [...text.matchAll(/`([a-z]+[.-][a-z-]+)`/g)].map(([, code]) => code);

describe("docs/cli.md", () => {
  it("explains every reason to refuse a project", () => {
    assert.deepEqual(
      REFUSAL_CODES.filter((code) => !named.includes(code)),
      [],
    );
  });

  it("explains every finding", () => {
    assert.deepEqual(
      FINDING_CODES.filter((code) => !named.includes(code)),
      [],
    );
  });

  it("explains every exit code", () => {
    assert.deepEqual(
      [...text.matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code)),
      Object.values(EXIT),
    );
  });
});
