import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");
/** Receives a folder for each built package. */
export const BUILT = join(ROOT, "release", "dist");
