import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { readSettings } from "../src/settings.ts";

describe("readSettings", () => {
  let before: Record<string, string>;
  beforeEach(() => {
    before = runtime.allConfig();
  });
  afterEach(() => runtime.setAllConfig(before));

  it("needs the project only", () => {
    runtime.setAllConfig({ "gcp:project": "demo-project" });
    assert.deepEqual(readSettings(), {
      projectId: "demo-project",
      databaseLocation: "us-central1",
      deadLetterDays: 31,
    });
  });

  it("takes the stack's own location and retention", () => {
    runtime.setAllConfig({
      "gcp:project": "demo-project",
      "baton:databaseLocation": "eur3",
      "baton:deadLetterDays": "7",
    });
    assert.deepEqual(readSettings(), { projectId: "demo-project", databaseLocation: "eur3", deadLetterDays: 7 });
  });

  it("names the project setting when it is missing", () => {
    runtime.setAllConfig({});
    assert.throws(readSettings, /'gcp:project'/);
  });

  for (const days of ["0", "32", "7.5"]) {
    it(`refuses to keep dead letters for ${days} days`, () => {
      runtime.setAllConfig({ "gcp:project": "demo-project", "baton:deadLetterDays": days });
      assert.throws(readSettings, /baton:deadLetterDays.*1 to 31/);
    });
  }
});
