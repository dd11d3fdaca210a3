import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { readSettings } from "../src/settings.ts";

describe("readSettings", () => {
  let before: Record<string, string>;
  beforeEach(() => {
    before = runtime.allConfig();
  });
  afterEach(() => runtime.setAllConfig(before));

  it("needs the project and the region only", () => {
    runtime.setAllConfig({ "gcp:project": "demo-project", "baton:region": "europe-west1" });
    assert.deepEqual(readSettings(), {
      projectId: "demo-project",
      region: "europe-west1",
      databaseLocation: "europe-west1",
      deadLetterDays: 31,
    });
  });

  it("takes the stack's own location and retention", () => {
    runtime.setAllConfig({
      "gcp:project": "demo-project",
      "baton:region": "europe-west1",
      "baton:databaseLocation": "eur3",
      "baton:deadLetterDays": "7",
    });
    assert.deepEqual(readSettings(), {
      projectId: "demo-project",
      region: "europe-west1",
      databaseLocation: "eur3",
      deadLetterDays: 7,
    });
  });

  it("names the project setting when it is missing", () => {
    runtime.setAllConfig({ "baton:region": "europe-west1" });
    assert.throws(readSettings, /'gcp:project'/);
  });

  it("names the region setting when it is missing: no region is the default", () => {
    runtime.setAllConfig({ "gcp:project": "demo-project" });
    assert.throws(readSettings, /'baton:region'/);
  });

  for (const days of ["0", "32", "7.5"]) {
    it(`refuses to keep dead letters for ${days} days`, () => {
      runtime.setAllConfig({
        "gcp:project": "demo-project",
        "baton:region": "europe-west1",
        "baton:deadLetterDays": days,
      });
      assert.throws(readSettings, /baton:deadLetterDays.*1 to 31/);
    });
  }
});
