import { posix } from "node:path";
import { type CodeStyle, importedExtension, styleOf } from "../edits/entry-export.ts";
import { lineEndOf, withLineEnds } from "../edits/text-format.ts";
import type { Codebase } from "../project/codebase.ts";

/** The files of a new folder `baton`: the functions, a first job type and its test. By path, in the style of the entry's text. */
export function batonFiles(codebase: Codebase, entryText: string, database: string | undefined): Map<string, string> {
  const { batonFolder, extension } = codebase;
  const style = styleOf(entryText);
  const imports = codebase.usesImport ? importOf(importedExtension(extension, entryText)) : requireOf;
  const texts: [path: string, text: string][] = [
    [`index${extension}`, functionsFile(codebase, imports, database)],
    [`jobs/hello${extension}`, jobFile(codebase, imports)],
    [`jobs/hello.test${extension}`, testFile(codebase, imports)],
  ];
  const finish = (text: string) => withLineEnds(inStyle(text, style), lineEndOf(entryText));
  return new Map(texts.map(([path, text]) => [posix.join(batonFolder, path), finish(text)]));
}

/** Writes the line that takes names from a module. */
type Import = (names: string, from: string) => string;

const importOf =
  (extension: string): Import =>
  (names, from) =>
    `import { ${names} } from "${from.startsWith(".") ? from + extension : from}";`;

const requireOf: Import = (names, from) => `const { ${names} } = require("${from}");`;

function functionsFile({ usesImport, isTypeScript }: Codebase, take: Import, database: string | undefined): string {
  const jobs = `[hello]${isTypeScript ? " as const" : ""}`;
  const named = database === undefined ? "" : `, database: "${database}"`;
  const options = `{ jobs, webhooks: {}${named} }`;
  const head = [take("createBaton", "@baton/engine"), take("hello", "./jobs/hello"), ""];
  if (usesImport) {
    return lines(
      ...head,
      "/** Every job type of this project. */",
      `export const jobs = ${jobs};`,
      "",
      "/** Deployed as baton-api, baton-worker, and so on. */",
      `export const baton = createBaton(${options});`,
    );
  }
  return lines(
    ...head,
    "/** Every job type of this project. */",
    `const jobs = ${jobs};`,
    "",
    "exports.jobs = jobs;",
    "/** Deployed as baton-api, baton-worker, and so on. */",
    `exports.baton = createBaton(${options});`,
  );
}

function jobFile({ usesImport }: Codebase, take: Import): string {
  return lines(
    take("defineJob", "@baton/engine"),
    take("z", "zod"),
    "",
    "/** Greets a person. Change it into a job type of your own. */",
    `${usesImport ? "export const hello" : "exports.hello"} = defineJob({`,
    '  type: "hello",',
    "  input: z.strictObject({ name: z.string().min(1).max(100) }),",
    "  output: z.object({ text: z.string() }),",
    "  run: async ({ step, progress }, { name }) => {",
    '    progress(0.1, "greeting");',
    "    // Done once, even if the job is tried again.",
    `    const text = await step("greet", () => \`Hello, \${name}!\`);`,
    "    progress(0.9);",
    "    return { text };",
    "  },",
    "});",
  );
}

function testFile(codebase: Codebase, take: Import): string {
  const runner = testRunnerOf(codebase);
  return lines(
    // TypeScript 6 includes only the types that are named, and the Firebase CLI's codebase names none.
    ...(codebase.isTypeScript ? ['/// <reference types="node" />'] : []),
    take("deepEqual", "node:assert/strict"),
    ...(runner.from === undefined ? [] : [take(runner.name, runner.from)]),
    take("testJob", "@baton/engine/testing"),
    take("hello", "./hello"),
    "",
    `${runner.name}("hello greets by name", async () => {`,
    '  const job = await testJob(hello, { name: "Ada" });',
    "  await job.run();",
    '  deepEqual(job.output, { text: "Hello, Ada!" });',
    "});",
  );
}

/** The function that declares a test, and the module it comes from; none where the codebase's runner has it as a global. */
function testRunnerOf({ package: manifest, isTypeScript }: Codebase): { name: string; from?: string } {
  const has = (name: string) => name in { ...manifest.dependencies, ...manifest.devDependencies };
  const knowsGlobalsOf = (runner: string) => has(runner) && (!isTypeScript || has(`@types/${runner}`));
  if (has("vitest")) return { name: "test", from: "vitest" };
  if (knowsGlobalsOf("jest")) return { name: "test" };
  if (knowsGlobalsOf("mocha")) return { name: "it" };
  return { name: "test", from: "node:test" };
}

function inStyle(text: string, { quote, end, space }: CodeStyle): string {
  const braced = space === "" ? text.replaceAll(/\{ (?=[^\n]*\})/g, "{").replaceAll(/(?<=\{[^\n]*) \}/g, "}") : text;
  const quoted = quote === '"' ? braced : braced.replaceAll('"', "'");
  return end === ";" ? quoted : quoted.replaceAll(/;$/gm, "");
}

function lines(...all: string[]): string {
  return `${all.join("\n")}\n`;
}
