import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./packages.ts";

/** Old packages name no licence, or several in a list: then it is in their files alone. */
const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });
const LICENSE_FILE = /^(licen[cs]e|copying)([-.].*)?$/i;
const NOTICE_FILE = /^notice([-.].*)?$/i;

/**
 * Writes down the licences of packages whose code another package holds: name, version, licence and its text, with the
 * package's own notice. `folders` are relative to the repository. Rejects when a package names no licence.
 */
export async function noticesOf(folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(folders.map(noticeOf));
  const intro = "This package holds code of the packages below, under their own licences.";
  return `${[intro, ...notices].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

async function noticeOf(folder: string): Promise<string> {
  const path = join(ROOT, folder);
  const { name, version, license } = Manifest.parse(JSON.parse(await readFile(join(path, "package.json"), "utf8")));
  const files = (await readdir(path)).filter((file) => LICENSE_FILE.test(file) || NOTICE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(path, file), "utf8")));
  if (license === undefined && texts.length === 0) throw new Error(`${name} ${version} names no licence.`);
  return [
    `${name} ${version}${license === undefined ? "" : ` (${license})`}`,
    ...texts.map((text) => text.trim()),
  ].join("\n\n");
}
