import { join } from "node:path";

/** A workspace of this repository that is published to npm. */
export interface PublishedPackage {
  /** Folder of the workspace, and of the built package below `release/dist`. */
  folder: string;
  /** Folders with sources, below `folder`. */
  sources: readonly string[];
  /** True where `require` of Node 20 has to work too: what runs in a team's own servers and bundlers. */
  hasCommonJs: boolean;
}

export const ROOT = join(import.meta.dirname, "..");
/** Receives a folder for each built package. */
export const BUILT = join(ROOT, "release", "dist");

/** The published packages, each after those that it imports. */
export const PACKAGES: readonly PublishedPackage[] = [
  { folder: "protocol", sources: ["src"], hasCommonJs: true },
  { folder: "client", sources: ["src"], hasCommonJs: true },
  { folder: "engine", sources: ["src", "build"], hasCommonJs: false },
];

/** Folders of all packages in the order in which they are published. The command is a bundle of its own: see `cli.ts`. */
export const FOLDERS: readonly string[] = [...PACKAGES.map(({ folder }) => folder), "cli"];
