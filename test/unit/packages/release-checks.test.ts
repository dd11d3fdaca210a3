import assert from "node:assert/strict";
import { judgeRelease } from "../../../release/release-checks.ts";

const protocol = { name: "@baton/protocol", version: "0.2.0" };
const client = { name: "@baton/client", version: "0.2.0", dependencies: { "@baton/protocol": "0.2.0", zod: "4.6.7" } };
const CHANGELOG = `# Changelog

## 0.2.0 (2026-12-01)

### Jobs

- One more way in.

## 0.1.0 (2026-11-01)

The first version.
`;

const state = { manifests: [protocol, client], changelog: CHANGELOG, uncommitted: "", tags: [""], today: "2026-12-01" };

describe("a release", () => {
  it("has the version of the packages, and the changelog's section as notes", () => {
    assert.deepEqual(judgeRelease(state), {
      release: { version: "0.2.0", notes: "### Jobs\n\n- One more way in." },
      problems: [],
    });
  });

  const problemsWith = (changed: Partial<typeof state>) => judgeRelease({ ...state, ...changed }).problems;

  it("is refused while packages have different versions", () => {
    const older = { ...client, version: "0.1.9" };
    assert.deepEqual(problemsWith({ manifests: [protocol, older] }), [
      "@baton/client has the version 0.1.9, others have 0.2.0.",
    ]);
  });

  it("is refused while a package asks for another version of its neighbour", () => {
    const asking = { ...client, dependencies: { "@baton/protocol": "^0.1.0" } };
    assert.deepEqual(problemsWith({ manifests: [protocol, asking] }), [
      "@baton/client asks for @baton/protocol ^0.1.0, which is 0.2.0.",
    ]);
  });

  it("is refused without a section of the changelog, or with another day in it", () => {
    assert.deepEqual(problemsWith({ changelog: "# Changelog\n" }), ['CHANGELOG.md has no section "## 0.2.0".']);
    assert.deepEqual(problemsWith({ changelog: CHANGELOG.replace("2026-12-01", "unreleased") }), [
      'CHANGELOG.md dates the version by "## 0.2.0 (unreleased)": a release of today is "## 0.2.0 (2026-12-01)".',
    ]);
    assert.match(problemsWith({ changelog: CHANGELOG.replace("## 0.2.0", "## 0.2.01") })[0] ?? "", /has no section/);
  });

  it("is refused with changes that are not committed, and under a tag that exists", () => {
    assert.deepEqual(problemsWith({ uncommitted: " M README.md\n" }), [
      "There are changes that are not committed: commit or drop them.",
    ]);
    assert.deepEqual(problemsWith({ tags: ["v0.1.0", "v0.2.0"] }), ["The tag v0.2.0 exists: choose the next version."]);
  });
});
