import { setJson } from "../edits/json-text.ts";
import type { WorkingCopy } from "../files/project-files.ts";
import type { FirebaseConfig } from "../project/firebase-config.ts";
import { Refusal } from "../refusal.ts";

const FOLDER = "functions";

/** The codebase that `firebase init functions` writes for TypeScript, as far as it is needed. */
const CODEBASE: Readonly<Record<string, string>> = {
  "package.json": json({
    name: "functions",
    scripts: { build: "tsc", "build:watch": "tsc --watch", deploy: "firebase deploy --only functions" },
    engines: { node: "24" },
    main: "lib/index.js",
    dependencies: { "firebase-admin": "^13.6.0", "firebase-functions": "^7.0.0" },
    devDependencies: { "@types/node": "^24.0.0", typescript: "^6.0.0" },
    private: true,
  }),
  "tsconfig.json": json({
    compilerOptions: {
      module: "NodeNext",
      esModuleInterop: true,
      moduleResolution: "nodenext",
      noImplicitReturns: true,
      noUnusedLocals: true,
      outDir: "lib",
      rootDir: "src",
      sourceMap: true,
      strict: true,
      target: "es2022",
      types: ["node"],
      skipLibCheck: true,
    },
    include: ["src"],
  }),
  ".gitignore": "lib/\nnode_modules/\n*.local\n",
  "src/index.ts": "",
};

const CODEBASE_ENTRY = {
  source: FOLDER,
  codebase: "default",
  ignore: ["node_modules", ".git", "firebase-debug.log", "firebase-debug.*.log", "*.local"],
  predeploy: ['npm --prefix "$RESOURCE_DIR" run build'],
};

const RULES = `rules_version = '2';

service cloud.firestore {
  match /databases/{database}/documents {
    match /{document=**} {
      allow read, write: if false;
    }
  }
}
`;

/** Adds a functions codebase to a project that has none, as the Firebase CLI would. Throws a `Refusal` when its folder is taken. */
export function addCodebase(copy: WorkingCopy): void {
  if (copy.list(FOLDER).length > 0) {
    const message = `firebase.json names no functions, and there is a folder ${FOLDER}. Name it in firebase.json, or run "firebase init functions" first.`;
    throw new Refusal("folder-taken", message, { byHand: `"functions": [{ "source": "${FOLDER}" }]` });
  }
  for (const [name, text] of Object.entries(CODEBASE)) copy.write(`${FOLDER}/${name}`, text);
  copy.write("firebase.json", setJson(configText(copy), ["functions"], [CODEBASE_ENTRY]));
}

/**
 * Adds rules that allow nothing, and a file of indexes, to a project whose `firebase.json` names none. Throws a `Refusal`
 * unless the project is new or `allowed`: such files would replace what the app has in the Firebase console.
 */
export function addFirestoreFiles(copy: WorkingCopy, config: FirebaseConfig, database: string, allowed: boolean): void {
  const known = config.databases.find((each) => each.database === database);
  const missing = { rules: known?.rules === undefined, indexes: known?.indexes === undefined };
  if (!missing.rules && !missing.indexes) return;
  if (!allowed) {
    const what = [missing.rules && "rules", missing.indexes && "indexes"].filter(Boolean).join(" and ");
    const message = `firebase.json names no ${what} of Firestore database ${database}, and new files would replace those that the project has in the cloud. Run "firebase init firestore" first, which fetches them; or, if the project has none, give --new-firestore-files.`;
    throw new Refusal("firestore-unconfigured", message);
  }
  if (known === undefined && config.databases.length > 0) {
    const message = `firebase.json names no Firestore database ${database}. Add it to the list "firestore" first.`;
    throw new Refusal("database-unknown", message);
  }
  const files = {
    ...(missing.rules && { rules: "firestore.rules" }),
    ...(missing.indexes && { indexes: "firestore.indexes.json" }),
  };
  let text = configText(copy);
  if (known === undefined)
    text = setJson(text, ["firestore"], { ...(database !== "(default)" && { database }), ...files });
  else for (const [name, file] of Object.entries(files)) text = setJson(text, [...known.place, name], file);
  copy.write("firebase.json", text);
}

/** Creates the files of rules and indexes that `firebase.json` names and that do not exist. */
export function addMissingFiles(copy: WorkingCopy, rules: string, indexes: string): void {
  if (copy.read(rules) === undefined) copy.write(rules, RULES);
  if (copy.read(indexes) === undefined) copy.write(indexes, json({ indexes: [], fieldOverrides: [] }));
}

function configText(copy: WorkingCopy): string {
  return copy.read("firebase.json") ?? "{}\n";
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
