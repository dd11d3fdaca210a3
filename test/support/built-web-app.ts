import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../../local/builds.ts";

const FOLDER = join(REPOSITORY, "examples", "web-app");
const VITE = join(REPOSITORY, "node_modules", "vite", "bin", "vite.js");

/** A built copy of the example's web app. */
export interface BuiltWebApp {
  folder: string;
  /** Reads all of its JavaScript. */
  code(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Builds examples/web-app into a folder of its own, with the settings of `.env.<mode>`. `settings` replace settings of
 * that file by name.
 */
export async function buildWebApp(mode: string, settings: Record<string, string> = {}): Promise<BuiltWebApp> {
  const folder = await mkdtemp(join(tmpdir(), "baton-web-app-"));
  const args = [VITE, "build", "--mode", mode, "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"];
  // Without NODE_ENV, the mode "development" would give React's slower development build.
  const env = { ...process.env, ...settings, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, args, { cwd: FOLDER, env });
  return { folder, code: () => readCode(join(folder, "assets")), remove: () => rm(folder, { recursive: true }) };
}

async function readCode(assets: string): Promise<string> {
  const names = (await readdir(assets)).filter((name) => name.endsWith(".js"));
  return (await Promise.all(names.map((name) => readFile(join(assets, name), "utf8")))).join("\n");
}
