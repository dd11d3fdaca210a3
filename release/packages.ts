import { addConsole } from "./console-files.ts";

export { BUILT, ROOT } from "./places.ts";

/** A workspace of this repository that is published to npm. */
export interface PublishedPackage {
  /** Folder of the workspace, and of the built package below `release/dist`. */
  folder: string;
  /** Folders with sources, or files whose imports bring the others, below `folder`. */
  sources: readonly string[];
  form: CompiledForm | BundledForm;
  /** Adds what is no module to the built package in folder `target`. */
  addFiles?(target: string): Promise<void>;
}

/** A module for each source, beside packages that npm installs: what runs in a team's own servers and bundlers. */
export interface CompiledForm {
  kind: "compiled";
  /** True where `require` of Node 20 has to work too: what runs in a team's own servers and bundlers. */
  hasCommonJs: boolean;
}

/**
 * Few modules, which hold all code of other packages: what has to start fast, and may not meet other versions of the
 * packages it needs.
 */
export interface BundledForm {
  kind: "bundled";
  /** Modules besides the exports that a process or a thread starts with, below `folder`, by the names they get. */
  starts: Readonly<Record<string, string>>;
  /** Packages that the team has itself, with the versions that are taken. */
  peers: Readonly<Record<string, string>>;
  /** Peers that only some teams need. */
  optionalPeers: Readonly<Record<string, string>>;
}

/** The published packages, each after those that it imports. */
export const PACKAGES: readonly PublishedPackage[] = [
  { folder: "protocol", sources: ["src"], form: { kind: "compiled", hasCommonJs: true } },
  { folder: "client", sources: ["src"], form: { kind: "compiled", hasCommonJs: true } },
  {
    folder: "engine",
    sources: ["src", "build"],
    form: {
      kind: "bundled",
      starts: { "lease-guard": "src/functions/lease-guard.ts" },
      peers: {
        // From this version on, `setGlobalOptions` of an ES module counts for what `require` finds, too.
        "firebase-functions": "^7.4.0",
        zod: "^4.6.7",
      },
      // For `@baton/engine/build` alone.
      optionalPeers: { esbuild: "^0.28.1" },
    },
  },
  {
    folder: "local",
    // All but the first are programs of their own, which nothing imports.
    sources: ["index.ts", "main.ts", "watchdog.ts", "emulators/auth-server.ts"],
    form: { kind: "compiled", hasCommonJs: false },
    addFiles: addConsole,
  },
];

/** Folders of all packages in the order in which they are published. The command is a bundle of its own: see `cli.ts`. */
export const FOLDERS: readonly string[] = [...PACKAGES.map(({ folder }) => folder), "cli"];
