import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { buildConsole, CONSOLE_FOLDER } from "../local/builds.ts";
import { ROOT } from "./places.ts";

/** Adds the built console to a package, with the rules by which Hosting serves it; see `local/own-console.ts`. */
export async function addConsole(target: string): Promise<void> {
  const folder = join(target, "console");
  await buildConsole((_, line) => console.error(line));
  await mkdir(folder);
  await cp(CONSOLE_FOLDER, join(folder, "site"), { recursive: true });
  const { hosting } = z
    .object({ hosting: z.unknown() })
    .parse(JSON.parse(await readFile(join(ROOT, "firebase.json"), "utf8")));
  await writeFile(join(folder, "firebase.json"), `${JSON.stringify({ hosting }, null, 2)}\n`);
}
