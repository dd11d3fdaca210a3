import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { DEFAULT_ADMIN_CLAIM, hasClaim } from "../../../functions/src/core/access.ts";

describe("a claim", () => {
  it("is had with exactly its value, and not by what an object inherits", () => {
    assert.equal(hasClaim({ team: "ops" }, { name: "team", value: "ops" }), true);
    for (const team of ["Ops", " ops", ["ops"], true, 1, null, undefined]) {
      assert.equal(hasClaim({ team }, { name: "team", value: "ops" }), false);
    }
    assert.equal(hasClaim(Object.create({ team: "ops" }), { name: "team", value: "ops" }), false);
  });
});

describe("firestore.rules and the default settings", () => {
  it("make an admin by the same claim", async () => {
    const rules = await readFile("firestore.rules", "utf8");
    assert.deepEqual(DEFAULT_ADMIN_CLAIM, { name: "batonRole", value: "admin" });
    assert.match(rules, /return isSignedIn\(\) && request\.auth\.token\.get\('batonRole', ''\) == 'admin';/);
    assert.equal(rules.match(/request\.auth\.token\.get\('/g)?.length, 1);
  });
});
