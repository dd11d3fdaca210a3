import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "./is-alive.ts";

const ASK_EVERY_MS = 100;
/** A lock without a process id is being written; when it stays so, its writer died in between. */
const UNWRITTEN_MS = 2_000;

/** Runs `build` while no other process runs one under the same lock file. The lock of a process that died counts for nothing. */
export async function withBuildLock(lockFile: string, build: () => Promise<void>): Promise<void> {
  await mkdir(dirname(lockFile), { recursive: true });
  while (!(await takeLock(lockFile))) {
    if (await isAbandoned(lockFile)) await rm(lockFile, { force: true });
    else await pause(ASK_EVERY_MS);
  }
  try {
    await build();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function takeLock(lockFile: string): Promise<boolean> {
  try {
    await writeFile(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(lockFile: string): Promise<boolean> {
  try {
    const pid = Number(await readFile(lockFile, "utf8"));
    if (pid > 0) return !isAlive(pid);
    return Date.now() - (await stat(lockFile)).mtimeMs > UNWRITTEN_MS;
  } catch {
    // It was released between two looks: taking it is next.
    return false;
  }
}
