import { z } from "zod";
import { findRoot } from "../project/find-root.ts";
import { importFrom } from "../project/team-module.ts";
import { Refusal } from "../refusal.ts";

/** The package of the local cloud. It brings the emulators, so a project that only deploys does without it. */
const LOCAL = "@baton/local";

const LocalModule = z.object({
  runDev: z.custom<(options: { cwd: string; argv: string[] }) => Promise<number>>(
    (value) => typeof value === "function",
  ),
});

/** Runs the local cloud on the project around `cwd`, until it is stopped. `argv` are its own options. Answers its exit code. */
export async function dev(cwd: string, argv: string[]): Promise<number> {
  const found = (await importFrom(findRoot(cwd) ?? cwd, LOCAL)) ?? (await importFrom(import.meta.dirname, LOCAL));
  const local = LocalModule.safeParse(found);
  if (local.success) return local.data.runDev({ cwd, argv });
  throw new Refusal(
    "local-missing",
    `The local cloud is a package of its own. Install it beside firebase.json: npm install --save-dev ${LOCAL}`,
  );
}
