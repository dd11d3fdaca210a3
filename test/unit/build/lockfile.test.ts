import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installedVersion, type Lockfile, lockfileOf } from "../../../engine/build/lockfile.ts";

const MANIFEST = { name: "baton-api", private: true, dependencies: { one: "1.0.0" } };

/** A root lockfile in which `one` needs `two`, of which it has a copy of its own, and a peer. */
function aRoot(more: Lockfile["packages"] = {}): Lockfile {
  return {
    packages: {
      "node_modules/one": {
        version: "1.0.0",
        resolved: "https://registry.example.com/one.tgz",
        integrity: "sha512-one",
        dev: true,
        dependencies: { two: "^2.0.0" },
        optionalDependencies: { "for-windows": "1.0.0", absent: "1.0.0" },
        peerDependencies: { peer: "1", "peer-or-not": "1" },
        peerDependenciesMeta: { "peer-or-not": { optional: true } },
      },
      "node_modules/one/node_modules/two": { version: "2.1.0" },
      "node_modules/two": { version: "3.0.0" },
      "node_modules/for-windows": { version: "1.0.0", optional: true, os: ["win32"] },
      "node_modules/peer": { version: "1.0.0", peer: true },
      "node_modules/peer-or-not": { version: "1.0.0" },
      "node_modules/unrelated": { version: "1.0.0" },
      ...more,
    },
  };
}

const packagesOf = (root: Lockfile) => JSON.parse(JSON.stringify(lockfileOf(MANIFEST, root, "functions"))).packages;

describe("the lockfile of a deployed function", () => {
  it("has all that its packages need, as the root has it, and nothing else", () => {
    const packages = packagesOf(aRoot());
    assert.deepEqual(Object.keys(packages), [
      "",
      "node_modules/for-windows",
      "node_modules/one",
      "node_modules/one/node_modules/two",
      "node_modules/peer",
    ]);
    assert.deepEqual(packages[""], MANIFEST);
    assert.deepEqual(packages["node_modules/for-windows"], { version: "1.0.0", os: ["win32"] });
    const { version, integrity, resolved, dev } = packages["node_modules/one"];
    assert.deepEqual([version, integrity, resolved, dev], ["1.0.0", "sha512-one", undefined, undefined]);
  });

  it("is refused when a needed package is missing", () => {
    const needing = { "node_modules/peer": { dependencies: { gone: "1" } } };
    assert.throws(
      () => lockfileOf(MANIFEST, aRoot(needing), "functions"),
      /has no gone, which node_modules\/peer needs/,
    );
  });

  it("is refused when the workspace has a copy of its own", () => {
    const own = { "functions/node_modules/peer": { version: "0.9.0" } };
    assert.throws(
      () => lockfileOf(MANIFEST, aRoot(own), "functions"),
      /functions has its own copy of node_modules\/peer/,
    );
  });

  it("has packages outside the bundle in the root's versions, and is refused where the root lacks one", () => {
    assert.equal(installedVersion(aRoot(), "two"), "3.0.0");
    assert.throws(() => installedVersion(aRoot(), "gone"), /has no gone, which the build keeps outside the bundle/);
  });

  it("names no registry's host, and an integrity for every package of this repository", () => {
    const root = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package-lock.json"), "utf8"));
    const dependencies = { "@google-cloud/functions-framework": "5.0.5", "firebase-functions": "7.4.0" };
    const text = JSON.stringify(lockfileOf({ name: "baton-api", dependencies }, root, "functions"));
    const { "": _, ...packages } = JSON.parse(text).packages;
    assert.equal(text.includes('"resolved"'), false);
    assert.ok(packages["node_modules/firebase-admin"]);
    const without = Object.keys(packages).filter((path) => !packages[path].integrity);
    assert.deepEqual(without, []);
  });
});
