import { z } from "zod";

const Source = z.string().regex(/^\.\/.*\.ts$/);

/** Fields of a workspace's `package.json` that matter here; the others pass through. */
const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  exports: z.record(z.string(), Source),
  bin: z.record(z.string(), Source).optional(),
  sideEffects: z.union([z.boolean(), z.array(z.string())]).optional(),
});

/** A folder of compiled modules in the package, and the condition under which Node takes its files. */
interface Format {
  condition: "require" | "default";
  /** Begin of a path in the package. */
  folder: string;
}

/** The last condition: Node 22 and later can `require` an ES module, too. */
export const ESM: Format = { condition: "default", folder: "./" };
export const COMMONJS: Format = { condition: "require", folder: "./cjs/" };

/**
 * The `package.json` of a package as it is published, from the one of its workspace: the exports and commands name
 * compiled files, the exports with their declarations and in each format, and `private` is gone. Throws when they are not sources in the workspace.
 */
export function publishedManifest(workspace: unknown, formats: readonly Format[]): Record<string, unknown> {
  const { private: _, exports, bin, sideEffects, ...rest } = Manifest.parse(workspace);
  const published = Object.entries(exports).map(([name, source]) => [name, conditionsOf(source, formats)]);
  return {
    ...rest,
    ...(bin !== undefined && {
      bin: Object.fromEntries(Object.entries(bin).map(([name, source]) => [name, source.replace(/\.ts$/, ".js")])),
    }),
    ...(sideEffects !== undefined && {
      sideEffects: Array.isArray(sideEffects) ? sideEffects.map((path) => path.replace(/\.ts$/, ".js")) : sideEffects,
    }),
    exports: { ...Object.fromEntries(published), "./package.json": "./package.json" },
  };
}

function conditionsOf(source: string, formats: readonly Format[]) {
  const path = source.replace(/^\.\//, "").replace(/\.ts$/, "");
  const conditions = formats.map(({ condition, folder }) => [
    condition,
    // Types first: TypeScript takes the first condition that matches.
    { types: `${folder}${path}.d.ts`, default: `${folder}${path}.js` },
  ]);
  return Object.fromEntries(conditions);
}
