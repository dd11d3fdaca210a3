import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { COLLECTION_FACTS } from "../../../engine/src/platform/firestore/collections.ts";
import { ROOT } from "./markdown.ts";

const DOCUMENTS = ["README.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: ROOT })].sort();

describe("the documents", () => {
  const scripts = ["package.json", "infra/package.json", "examples/web-app/package.json"].flatMap(scriptsOf);
  for (const document of DOCUMENTS) {
    const text = readText(document);

    it(`${document} links to files and headings that exist`, () => {
      for (const [, target = ""] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [path = "", heading] = target.split("#");
        const file = path === "" ? document : join(dirname(document), path);
        assert.ok(existsSync(join(ROOT, file)), `nothing is at ${target}`);
        if (heading !== undefined) assert.ok(headingsOf(readText(file)).includes(heading), `no heading at ${target}`);
      }
    });

    it(`${document} names commands that exist`, () => {
      for (const [, name = ""] of text.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)) {
        assert.ok(scripts.includes(name), `there is no npm run ${name}`);
      }
      for (const [, file = ""] of text.matchAll(/\bnode ((?:[\w-]+\/)+[\w.-]+)/g)) {
        assert.ok(existsSync(join(ROOT, file)), `there is no ${file}`);
      }
    });

    it(`${document} names files that exist`, () => {
      const roots = ["", "engine/src", "engine/src/functions"];
      for (const [, path = ""] of withoutCode(text).matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:ts|tsx|json|md))`/g)) {
        if (/^functions\/(?:dist|src\/baton)\//.test(path)) continue;
        assert.ok(
          roots.some((root) => existsSync(join(ROOT, root, path))),
          `there is no ${path}`,
        );
      }
    });
  }
});

describe("docs/architecture/invariants.md", () => {
  const invariants = readText("docs/architecture/invariants.md");

  it("names tests that exist for each invariant", () => {
    const named = [...invariants.matchAll(/`(test\/[^`]+)`:\s+"([^"]+)"/g)];
    assert.ok(named.length >= 9);
    for (const [, file = "", title = ""] of named) {
      assert.ok(readText(file).includes(`"${oneLine(title)}"`), `${file} has no test "${oneLine(title)}"`);
    }
  });

  it("names checks of the chaos run that exist for each invariant", () => {
    const checks = readText("test/chaos/check.ts");
    const lines = [...invariants.matchAll(/- chaos: ((?:[^\n]|\n {5})+)/g)];
    assert.equal(lines.length, 9);
    for (const [, line = ""] of lines) {
      for (const [, name = ""] of line.matchAll(/"([^"]+)"/g)) {
        assert.ok(checks.includes(`promise: "${oneLine(name)}"`), `no chaos check "${oneLine(name)}"`);
      }
    }
  });
});

describe("docs/architecture/collections.md", () => {
  it("has each collection of Baton, and no other", () => {
    const listed = readText("docs/architecture/collections.md").matchAll(/^### .*?(baton\w+)(?:\/\{\w+\})?$/gm);
    const names = Object.values(COLLECTION_FACTS).map(({ name }) => name);
    assert.deepEqual([...listed].map(([, name]) => name).sort(), names.sort());
  });
});

describe("docs/architecture/job-document.md", () => {
  it("has each public field of a job, and no private one", () => {
    const table = readText("docs/architecture/job-document.md").split("## The result")[0] ?? "";
    const documented = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field);
    assert.deepEqual(documented.sort(), publicFields());
  });
});

/**
 * The fields that the schemas of a stored job have, less those below `engine`: read from the source, which exports
 * neither.
 */
function publicFields(): string[] {
  const source = readText("engine/src/jobs/firestore/job-documents.ts");
  const schemas = between(source, "const JobFields", "const StoredJob");
  const fields = new Set([...schemas.matchAll(/^ {2}(\w+):/gm)].flatMap(([, field]) => field ?? []));
  const below = [...between(source, "const ENGINE_FIELDS", "]);").matchAll(/"(\w+)"/g)].map(([, field]) => field);
  assert.ok(fields.size > 20 && below.length > 10);
  return [...fields].filter((field) => !below.includes(field)).sort();
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  assert.ok(from >= 0, `there is no "${start}"`);
  return text.slice(from, text.indexOf(end, from));
}

function scriptsOf(packageFile: string): string[] {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readText(packageFile)));
  return Object.keys(scripts);
}

function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, "");
}

/** The anchors that GitHub gives to headings. */
function headingsOf(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"),
  );
}
