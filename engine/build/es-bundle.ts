import { readFile } from "node:fs/promises";
import type { BuildOptions, Plugin } from "esbuild";

/** Names that CommonJS packages expect, defined for an ES module. */
const COMMONJS_BANNER = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { dirname as __dirnameOf } from "node:path";',
  'import { fileURLToPath as __fileOf } from "node:url";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileOf(import.meta.url);",
  "const __dirname = __dirnameOf(__filename);",
].join("\n");

/**
 * Options of esbuild for a bundle of ES modules that Node runs. What one function runs, and a handler's heavy libraries,
 * are chunks of their own.
 */
export const ES_BUNDLE: BuildOptions = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  // Prefers the ES modules of packages that have both kinds: required and imported copies of zod do not know each other.
  mainFields: ["module", "main"],
  // No minifying of names or lines: a stack in the logs has to be readable.
  minifySyntax: true,
  legalComments: "none",
  // A stack in the logs names the author's file and line; the sources themselves stay at home.
  sourcemap: "linked",
  sourcesContent: false,
  banner: { js: COMMONJS_BANNER },
  logLevel: "warning",
};

/** The name that ES modules have, defined for a CommonJS module. */
export const COMMONJS_NAMES = {
  define: { "import.meta.url": "__importMetaUrl" },
  banner: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
} as const;

/**
 * Reads modules of an earlier bundle without the names that it defined: those of the bundle that they go into count, and
 * a second definition would be a syntax error. Lines stay where they are.
 */
export function withoutBanner(filter: RegExp): Plugin {
  return {
    name: "without-banner",
    setup({ onLoad }) {
      onLoad({ filter }, async ({ path }) => {
        const contents = await readFile(path, "utf8");
        return { contents: contents.replace(COMMONJS_BANNER, COMMONJS_BANNER.replaceAll(/[^\n]/g, "")) };
      });
    },
  };
}
