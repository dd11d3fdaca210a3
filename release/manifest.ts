import { z } from "zod";
import type { BundledForm } from "./packages.ts";

const Source = z.string().regex(/^\.\/.*\.ts$/);

/** Fields of a workspace's `package.json` that matter here; the others pass through. */
const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  exports: z.record(z.string(), Source),
  bin: z.record(z.string(), Source).optional(),
  sideEffects: z.union([z.boolean(), z.array(z.string())]).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/** The `package.json` of a workspace, whose exports and programs are sources. */
export type WorkspaceManifest = z.infer<typeof Manifest>;

/** Folder of the CommonJS modules in a package; those of its other modules depends on its form. */
export const COMMONJS = "cjs";
/** Folder of the ES modules in a bundled package. */
export const ESM = "esm";

/** Reads the `package.json` of a workspace. Throws when its exports or programs are not sources. */
export function readManifest(text: string): WorkspaceManifest {
  return Manifest.parse(JSON.parse(text));
}

/**
 * Gives the `package.json` of a package that holds a module for each source: its exports name these with their
 * declarations, in each format, its programs are compiled ones, and `private` is gone.
 */
export function compiledManifest(
  { private: _, exports, bin, sideEffects, ...rest }: WorkspaceManifest,
  hasCommonJs: boolean,
) {
  const published = Object.entries(exports).map(([name, source]) => {
    const path = withoutExtension(source);
    return [name, conditionsOf(hasCommonJs ? `./${COMMONJS}/${path}` : undefined, `./${path}`)];
  });
  return {
    ...rest,
    ...(bin !== undefined && {
      bin: Object.fromEntries(Object.entries(bin).map(([name, source]) => [name, `./${withoutExtension(source)}.js`])),
    }),
    ...(sideEffects !== undefined && {
      sideEffects: Array.isArray(sideEffects) ? sideEffects.map((path) => path.replace(/\.ts$/, ".js")) : sideEffects,
    }),
    exports: { ...Object.fromEntries(published), "./package.json": "./package.json" },
  };
}

/**
 * Gives the `package.json` of a package that holds the code of its dependencies: it has peers alone. Every module counts
 * as one with side effects, since the bundler has left out what is not used.
 */
export function bundledManifest(
  { private: _, exports, sideEffects: __, dependencies: ___, ...rest }: WorkspaceManifest,
  { peers, optionalPeers }: BundledForm,
) {
  const published = Object.entries(exports).map(([name, source]) => {
    const types = `types/${withoutExtension(source)}.d.ts`;
    const module = `${bundleName(name)}.js`;
    return [
      name,
      {
        require: { types: `./${COMMONJS}/${types}`, default: `./${COMMONJS}/${module}` },
        default: { types: `./${ESM}/${types}`, default: `./${ESM}/${module}` },
      },
    ];
  });
  return {
    ...rest,
    exports: { ...Object.fromEntries(published), "./package.json": "./package.json" },
    peerDependencies: { ...peers, ...optionalPeers },
    peerDependenciesMeta: Object.fromEntries(Object.keys(optionalPeers).map((name) => [name, { optional: true }])),
  };
}

/** Gives the name of an export's module in a bundle: `./egress/settings` is `egress-settings`, `.` is `index`. */
export function bundleName(exported: string): string {
  return exported === "." ? "index" : exported.replace("./", "").replaceAll("/", "-");
}

function withoutExtension(source: string): string {
  return source.replace(/^\.\//, "").replace(/\.ts$/, "");
}

/** Types come first: TypeScript takes the first condition that matches. */
function conditionsOf(commonJs: string | undefined, esm: string) {
  return {
    ...(commonJs !== undefined && { require: { types: `${commonJs}.d.ts`, default: `${commonJs}.js` } }),
    default: { types: `${esm}.d.ts`, default: `${esm}.js` },
  };
}
