import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileChange, ProjectFiles } from "../../cli/src/files/project-files.ts";
import { type InitOptions, planInit } from "../../cli/src/init/plan-init.ts";

/** The files of a project by path. */
export type Files = Readonly<Record<string, string>>;

/** Files in memory, as the CLI reads them. */
export function memoryFiles(files: Files): ProjectFiles {
  return {
    read: (path) => files[path],
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .sort(),
  };
}

/** The files after these changes. */
export function changed(files: Files, changes: readonly FileChange[]): Files {
  const result = new Map(Object.entries(files));
  for (const { path, after } of changes) {
    if (after === undefined) result.delete(path);
    else result.set(path, after);
  }
  return Object.fromEntries(result);
}

/** The files after `init`. Throws what it refuses. */
export function installed(files: Files, options: InitOptions = {}): Files {
  const plan = planInit(memoryFiles(files), options);
  if (plan.outcome === "refused") throw new Error(plan.refusals.map(({ message }) => message).join("\n"));
  return changed(files, plan.changes);
}

/** A project of `PROJECTS`. */
export function project(name: string): Files {
  const found = PROJECTS[name];
  if (found === undefined) throw new Error(`There is no project "${name}".`);
  return found.files;
}

const template = (name: string) =>
  readFileSync(join("node_modules/firebase-tools/templates/init", name), "utf8").replace("{{RUNTIME}}", "24");

export const LOCKED_RULES = `rules_version = '2';

service cloud.firestore {
  match /databases/{database}/documents {
    match /{document=**} {
      allow read, write: if false;
    }
  }
}
`;

const FIRESTORE = { rules: "firestore.rules", indexes: "firestore.indexes.json" };
const FIRESTORE_FILES: Files = {
  "firestore.rules": LOCKED_RULES,
  "firestore.indexes.json": template("firestore/firestore.indexes.json"),
};

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const config = (functions: unknown, more: object = {}) => json({ functions, firestore: FIRESTORE, ...more });

/** As `firebase init functions` writes it, for TypeScript and with ESLint. */
const typescript: Files = {
  "firebase.json": config([
    { source: "functions", codebase: "default", predeploy: ['npm --prefix "$RESOURCE_DIR" run build'] },
  ]),
  "functions/package.json": template("functions/typescript/package.lint.json"),
  "functions/tsconfig.json": template("functions/typescript/tsconfig.json"),
  "functions/src/index.ts": template("functions/typescript/index.ts"),
  ...FIRESTORE_FILES,
};

/** As `firebase init functions` writes it, for JavaScript. */
const javascript: Files = {
  "firebase.json": config({ source: "functions" }),
  "functions/package.json": template("functions/javascript/package.nolint.json"),
  "functions/index.js": template("functions/javascript/index.js"),
  ...FIRESTORE_FILES,
};

const modules: Files = {
  ...javascript,
  "functions/package.json": json({
    name: "functions",
    type: "module",
    main: "src/main.js",
    dependencies: { "@acme/tools": "1.0.0", "firebase-functions": "^7.0.0", zod: "^4.0.0" },
    devDependencies: { vitest: "4.0.0" },
  }),
  "functions/src/main.js":
    "import { onRequest } from 'firebase-functions/https'\n\nexport const api = onRequest((req, res) => res.end('hi'))\n",
};

const appRules = `rules_version = "2";
/* Rules of the shop. */
service cloud.firestore
{
\tmatch /databases/{database}/documents
\t{
\t\t// Everybody's { own } orders.
\t\tfunction isOwn() { return resource.data.owner == request.auth.uid; }
\t\tfunction isAdmin() { return request.auth.token.role == "admin}"; }
\t\tmatch /orders/{id} { allow read: if isOwn() || isAdmin(); allow create; }
\t\tmatch /{path=**}/comments/{id} { allow read; }
\t}
}
`;

const appIndexes = `{
\t// Newest first.
\t"indexes": [
\t\t{ "collectionGroup": "orders", "queryScope": "COLLECTION", "fields": [ { "fieldPath": "owner", "order": "ASCENDING" }, { "fieldPath": "at", "order": "DESCENDING" } ] }
\t],
\t"fieldOverrides": [
\t\t{ "collectionGroup": "orders", "fieldPath": "expireAt", "ttl": true, "indexes": [] } // after a year
\t]
}`;

const several: Files = {
  "firebase.json": config([
    { source: "backend/api", codebase: "api" },
    { source: "./backend/worker/", codebase: "worker" },
  ]),
  "backend/api/package.json": json({ name: "api", main: "index.js", dependencies: { "firebase-functions": "7.4.0" } }),
  "backend/api/index.js": "exports.hi = 1;\n",
  "backend/worker/package.json": json({ name: "worker", main: "lib/index.js", type: "module", devDependencies: {} }),
  "backend/worker/tsconfig.json": '{ "compilerOptions": { "outDir": "./lib", /* no rootDir */ "module": "nodenext" } }',
  "backend/worker/src/index.ts": 'import { other } from "./other.ts";\nexport const work = other;\n',
  ...FIRESTORE_FILES,
};

const windows = Object.fromEntries(
  Object.entries(typescript).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]),
);

/** Projects that `init` understands, with the options it needs for them. */
export const PROJECTS: Readonly<
  Record<string, { files: Files; options?: { codebase?: string; newFirestoreFiles?: boolean } }>
> = {
  "TypeScript, as the Firebase CLI writes it": { files: typescript },
  "JavaScript, as the Firebase CLI writes it": { files: javascript },
  "ES modules": { files: modules },
  "several codebases": { files: several, options: { codebase: "worker" } },
  "several codebases, the other one": { files: several, options: { codebase: "api" } },
  "lines that end as on Windows": { files: windows },
  "byte order marks": {
    files: Object.fromEntries(Object.entries(javascript).map(([path, text]) => [path, `\uFEFF${text}`])),
  },
  "tabs, comments and rules of its own": {
    files: {
      ...javascript,
      "functions/package.json":
        '{\n\t"name": "functions",\n\t"engines": { "node": "22" },\n\t"dependencies": {\n\t\t"firebase-functions": "^7.0.0"\n\t}\n}',
      "firestore.rules": appRules,
      "firestore.indexes.json": appIndexes,
    },
  },
  "an object in module.exports, and no line end at the end": {
    files: { ...javascript, "functions/index.js": "module.exports = {\n  api: require('./api'),\n}" },
  },
  "files in one line": {
    files: {
      ...javascript,
      "firestore.rules":
        "rules_version='2';service cloud.firestore{match /databases/{db}/documents{match /a/{b}{allow read;}}}",
      "firestore.indexes.json":
        '{"indexes":[],"fieldOverrides":[{"collectionGroup":"a","fieldPath":"b","indexes":[]}]}',
      "functions/package.json": '{"main":"index.js","dependencies":{}}',
    },
  },
  "an empty file of indexes": { files: { ...javascript, "firestore.indexes.json": "{}" } },
  "files that firebase.json names and nobody wrote": {
    files: {
      "firebase.json": config({ source: "functions" }),
      "functions/package.json": "{}",
      "functions/index.js": "",
    },
  },
  "functions as a text, and rules of storage": {
    files: {
      ...javascript,
      "firebase.json": config("functions", { storage: { rules: "storage.rules" } }),
      "storage.rules":
        "rules_version = '2';\nservice firebase.storage {\n    match /b/{bucket}/o {\n        match /avatars/{user} {\n            allow read;\n        }\n    }\n}\n",
    },
  },
  "hosting alone": {
    files: { "firebase.json": '{\n  "hosting": { "public": "dist" }\n}\n' },
    options: { newFirestoreFiles: true },
  },
  "a list of databases, one without indexes": {
    files: {
      ...javascript,
      "firebase.json":
        '{ "functions": { "source": "functions" }, "firestore": [{ "database": "(default)", "rules": "firestore.rules" }] }',
    },
    options: { newFirestoreFiles: true },
  },
  "a predeploy step that stands alone": {
    files: { ...javascript, "firebase.json": config({ source: "functions", predeploy: "npm test" }) },
  },
  "a function kit beside a codebase in one line": {
    files: {
      ...javascript,
      "firebase.json": `{"functions":[{"kit":"./mail"},{"source":"functions","predeploy":[]}],"firestore":${JSON.stringify(FIRESTORE)}}`,
    },
  },
  nothing: { files: { "README.md": "# New\n" } },
};
