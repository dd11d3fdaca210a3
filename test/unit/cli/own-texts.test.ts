import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { styleOf } from "../../../cli/src/edits/entry-export.ts";
import { exportNames } from "../../../cli/src/edits/export-names.ts";
import { ownIndexes } from "../../../cli/src/edits/own-texts.ts";
import { outlineOf } from "../../../cli/src/edits/rules-outline.ts";
import { COLLECTION_FACTS } from "../../../engine/src/platform/firestore/collections.ts";
import { installed, project } from "../../support/cli-projects.ts";
import { INDEXES } from "../../support/firestore-indexes.ts";
import { readRulesOf } from "../../support/security-rules.ts";

const facts = Object.values(COLLECTION_FACTS);
const names: readonly string[] = facts.map(({ name }) => name);
const after = installed(project("JavaScript, as the Firebase CLI writes it"));

describe("what init adds", () => {
  it("is this repository's own rules", () => {
    assert.deepEqual(readRulesOf(after["firestore.rules"] ?? ""), readRulesOf(readFileSync("firestore.rules", "utf8")));
  });

  it("is this repository's own indexes of Baton's collections, and no other", () => {
    const own = (entry: { collectionGroup: string }) => names.includes(entry.collectionGroup);
    const { indexes, fieldOverrides } = JSON.parse(
      (after["firestore.indexes.json"] ?? "").replaceAll(/^ *\/\/.*$/gm, ""),
    );
    assert.deepEqual(indexes, INDEXES.indexes.filter(own));
    assert.deepEqual(fieldOverrides, INDEXES.fieldOverrides.filter(own));
  });

  it("has a TTL policy for each collection whose documents expire", () => {
    const expiring = facts.flatMap(({ name, expires }) => (expires ? [name] : []));
    const policies = ownIndexes().fieldOverrides.flatMap(({ ttl, collectionGroup }) =>
      ttl === true ? [collectionGroup] : [],
    );
    assert.deepEqual(policies.sort(), [...expiring].sort());
  });
});

describe("styleOf", () => {
  const cases: [code: string, style: ReturnType<typeof styleOf>][] = [
    ["", { quote: '"', end: ";", space: " " }],
    ["import { a } from 'a'\nexport const b = a\n", { quote: "'", end: "", space: " " }],
    ['const {a} = require("a");\n', { quote: '"', end: ";", space: "" }],
    ["// const {a} = 'a'\nimport { a } from \"a\";\n", { quote: '"', end: ";", space: " " }],
  ];
  for (const [code, style] of cases) it(`reads ${JSON.stringify(code)}`, () => assert.deepEqual(styleOf(code), style));
});

describe("exportNames", () => {
  const cases: [code: string, found: string[]][] = [
    ["export const a = 1; export async function b() {} export class c {}", ["a", "b", "c"]],
    ["export { a, b as c } from './d'", ["a", "c"]],
    ["exports.a = 1; module.exports.b = 2;", ["a", "b"]],
    ["module.exports = { a, b: 1, c }", ["a", "b", "c"]],
    ["// export const a = 1\n/* exports.b = 1 */", []],
  ];
  for (const [code, found] of cases) it(`reads ${code}`, () => assert.deepEqual(exportNames(code), found));
});

describe("outlineOf", () => {
  it("reads blocks, conditions and functions past comments and texts", () => {
    const rules = `service s { // {
      match /a/{b=**}/c { allow read: if x == '}{;' || y; allow write; function f(a) { let m = {'k': 1}; return m; } /* } */ }
    }`;
    const [service] = outlineOf(rules) ?? [];
    const [match] = service?.children ?? [];
    assert.equal(service?.name, "s");
    assert.deepEqual([match?.name, match?.conditions.length, match?.conditions[1]], ["/a/{b=**}/c", 2, "true"]);
    assert.deepEqual(
      match?.children.map(({ kind, name }) => [kind, name]),
      [["function", "f"]],
    );
  });

  it("answers nothing for braces that do not match", () => {
    for (const rules of ["service a {", "}", "service a { match /b/{c} { }"]) assert.equal(outlineOf(rules), undefined);
  });
});
