import type { Child, Children } from "../children.ts";
import { LocalCloudError } from "../problem.ts";

/** Starts a script of a folder's `package.json`. */
export function startScript(children: Children, folder: string, script: string): Child {
  const env = { ...process.env, NO_COLOR: "1", npm_config_update_notifier: "false" };
  return children.start({ name: "build", file: "npm", args: ["run", "--silent", script], cwd: folder, env });
}

/** Runs a script to its end. Throws a `LocalCloudError` with its last lines when it fails. */
export async function runScript(children: Children, folder: string, script: string): Promise<void> {
  const child = startScript(children, folder, script);
  const how = await child.ended;
  if (how !== "code 0")
    throw new LocalCloudError(`npm run ${script} in ${folder} failed (${how}):\n${child.lastLines().join("\n")}`);
}
