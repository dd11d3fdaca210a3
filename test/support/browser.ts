import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/**
 * Starts a headless Chromium: the one `BATON_CHROME` names, else the one inside the npm package `@sparticuz/chromium`.
 * `args` are further ones of its command line. The caller closes it.
 */
export async function startBrowser(args: string[] = []): Promise<Browser> {
  const installed = process.env.BATON_CHROME;
  const unpacked = installed ? undefined : await unpackChromium();
  return chromium.launch({
    executablePath: installed ?? join(unpacked ?? "", "chromium"),
    // Tests run as root in many containers, where Chromium's sandbox does not start; they open pages of this machine
    // only.
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", ...args],
    ...(unpacked && { env: environmentOf(unpacked) }),
  });
}

/**
 * Unpacks Chromium, its fonts and the libraries it needs (some 200 MB) once per version, and answers with the folder.
 * The package unpacks into the temporary folder and takes any file it finds there for a whole one, so that two runs
 * at a time, or one that was stopped half way, would leave a broken browser: here only a finished folder gets the name.
 */
async function unpackChromium(): Promise<string> {
  const packageFile = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const folder = join(tmpdir(), `baton-chromium-${await versionOf(packageFile)}`);
  if (existsSync(folder)) return folder;
  const staging = await mkdtemp(join(tmpdir(), "baton-chromium-staging-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = staging;
  try {
    const { default: packed, inflate } = await import("@sparticuz/chromium");
    await packed.executablePath();
    await inflate(join(dirname(packageFile), "..", "bin", "al2023.tar.br"));
    await writeFile(join(staging, "fonts", "fonts.conf"), fontConfiguration(folder));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  // Another run may have been faster; its folder is as good.
  await rename(staging, folder).catch(() => rm(staging, { recursive: true, force: true }));
  return folder;
}

/** The package's own file looks in fixed folders only; without any font, pages have no text and fields take none. */
function fontConfiguration(folder: string): string {
  const dirs = [join(folder, "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"].map((dir) => `<dir>${dir}</dir>`);
  return `<?xml version="1.0"?><fontconfig>${dirs.join("")}<cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>\n`;
}

async function versionOf(packageFile: string): Promise<string> {
  const { default: manifest } = await import(join(dirname(packageFile), "..", "package.json"), {
    with: { type: "json" },
  });
  return String(manifest.version);
}

/** The package's own libraries come after the system's: they stand in for what a slim image lacks. */
function environmentOf(folder: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    FONTCONFIG_PATH: join(folder, "fonts"),
    LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
  };
}
