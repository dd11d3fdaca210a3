import { posix } from "node:path";
import { z } from "zod";
import { Refusal } from "../refusal.ts";
import type { Edit } from "./edit.ts";
import { parseJson, removeJson, setJson } from "./json-text.ts";

/** Fields of a `package.json` that matter here. */
export const PackageJson = z.looseObject({
  type: z.string().optional(),
  main: z.string().optional(),
  engines: z.looseObject({ node: z.string().optional() }).optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});
export type PackageJson = z.infer<typeof PackageJson>;

export const ENGINE = "@baton/engine";

/** Reads a `package.json`. Throws a `Refusal` when it is none. */
export function readPackage(text: string, path: string): PackageJson {
  const parsed = PackageJson.safeParse(parseJson(text)?.value);
  if (parsed.success) return parsed.data;
  throw new Refusal("package-unreadable", `${path} is no package.json that npm reads. Repair it first.`);
}

/** The oldest major version of firebase-functions whose functions Baton's are declared by. */
const MIN_SDK = 7;

/** Says what is wrong with the version of firebase-functions that a codebase asks for; undefined when nothing is, or it is not known. */
export function sdkProblem({ dependencies = {} }: PackageJson, path: string): string | undefined {
  const range = dependencies["firebase-functions"];
  const major = Number(/^[\^~>=v\s]*(\d+)/.exec(range ?? "")?.[1] ?? Number.NaN);
  if (Number.isNaN(major) || major >= MIN_SDK) return undefined;
  return `${path} asks for firebase-functions ${range}; Baton needs version ${MIN_SDK}.`;
}

/** The option of npm that names a folder, with a blank before it; empty for the folder of `firebase.json`. */
export function npmPrefix(folder: string): string {
  return folder === "" || folder === "." ? "" : ` --prefix ${folder}`;
}

/** Adds packages to the dependencies of a `package.json`, where they are missing. Versions that are there stay. */
export function dependencyEdit(path: string, wanted: Readonly<Record<string, string>>): Edit {
  return {
    path,
    add: (text) => {
      const problem = sdkProblem(readPackage(text, path), path);
      if (problem !== undefined)
        throw new Refusal(
          "sdk-old",
          `${problem} Update it first: npm install${npmPrefix(posix.dirname(path))} firebase-functions@latest`,
        );
      return Object.entries(wanted).reduce((json, [name, version]) => {
        const { dependencies = {}, devDependencies = {} } = readPackage(json, path);
        if (name in dependencies || (name !== ENGINE && name in devDependencies)) return json;
        return setJson(json, ["dependencies", name], version, { sorted: true });
      }, text);
    },
    remove: (text) => removeJson(text, ["dependencies"], [ENGINE]),
  };
}
