import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "mocha";

/** Gives the tests of a suite a folder for temporary files of their own, and tells what is in it. */
export function ownTemporaryFolder(): { files(): Promise<string[]> } {
  const usual = process.env.TMPDIR;
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-test-"));
    process.env.TMPDIR = folder;
  });
  after(async () => {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    await rm(folder, { recursive: true });
  });
  return { files: () => readdir(folder) };
}

/** Gives each test of a suite an empty folder of its own; answers its path while the test runs. */
export function useTemporaryFolder(prefix: string): () => string {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), prefix));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}
