import { addConsole } from "./console-files.ts";

export { BUILT, ROOT } from "./places.ts";

/** A workspace of this repository that is published to npm. */
export interface PublishedPackage {
  /** Folder of the workspace, and of the built package below `release/dist`. */
  folder: string;
  /** Folders with sources, or files whose imports bring the others, below `folder`. */
  sources: readonly string[];
  /** True where `require` of Node 20 has to work too: what runs in a team's own servers and bundlers. */
  hasCommonJs: boolean;
  /** Adds what is no module to the built package in folder `target`. */
  addFiles?(target: string): Promise<void>;
}

/** The published packages, each after those that it imports. */
export const PACKAGES: readonly PublishedPackage[] = [
  { folder: "protocol", sources: ["src"], hasCommonJs: true },
  { folder: "client", sources: ["src"], hasCommonJs: true },
  { folder: "engine", sources: ["src", "build"], hasCommonJs: false },
  {
    folder: "local",
    // All but the first are programs of their own, which nothing imports.
    sources: ["index.ts", "main.ts", "watchdog.ts", "emulators/auth-server.ts"],
    hasCommonJs: false,
    addFiles: addConsole,
  },
];

/** Folders of all packages in the order in which they are published. The command is a bundle of its own: see `cli.ts`. */
export const FOLDERS: readonly string[] = [...PACKAGES.map(({ folder }) => folder), "cli"];
