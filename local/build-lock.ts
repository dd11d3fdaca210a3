import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isAlive } from "./is-alive.ts";

const ASK_EVERY_MS = 100;

/** The settings of a wait for a lock. */
export interface LockOptions {
  /** Ends the wait, which rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Told once when the lock is not free. */
  onWait?(): void;
  /**
   * A lock that its holder has not touched for so long, by the clock of the process that waits, is abandoned; default
   * 15,000.
   */
  abandonedMs?: number;
  /** Time between two touches of the lock by its holder, in milliseconds; default 1,000. */
  touchEveryMs?: number;
}

/**
 * Runs `build` while no other process runs one under the same lock file. The holder touches the file again and again. A
 * lock is abandoned when its process is gone, or when its file is not touched any more. A process id alone is not
 * enough: another program may have it by now, and a container has ids of its own.
 */
export async function withBuildLock(
  lockFile: string,
  build: () => Promise<void>,
  options: LockOptions = {},
): Promise<void> {
  await mkdir(dirname(lockFile), { recursive: true });
  const holder = `${process.pid} ${hostname()} ${randomUUID()}`;
  await takeLock(lockFile, holder, options);
  const touching = setInterval(() => {
    const now = new Date();
    // A lock that was taken away has no file to touch, and the build ends as it would anyway.
    utimes(lockFile, now, now).catch(() => {});
  }, options.touchEveryMs ?? 1_000);
  try {
    await build();
  } finally {
    clearInterval(touching);
    if ((await lookAt(lockFile))?.holder === holder) await rm(lockFile, { force: true });
  }
}

async function takeLock(lockFile: string, holder: string, options: LockOptions): Promise<void> {
  const { signal, onWait, abandonedMs = 15_000 } = options;
  let seen: { lock: Lock; since: number } | undefined;
  while (!(await createLock(lockFile, holder))) {
    signal?.throwIfAborted();
    const lock = await lookAt(lockFile);
    if (lock === undefined) continue;
    if (seen === undefined) onWait?.();
    const isSame = seen?.lock.holder === lock.holder && seen.lock.touchedMs === lock.touchedMs;
    if (!isSame) seen = { lock, since: performance.now() };
    const untouchedMs = performance.now() - (seen?.since ?? 0);
    if (isDead(lock) || untouchedMs > abandonedMs) await removeLock(lockFile, lock);
    else await pause(ASK_EVERY_MS, undefined, { signal });
  }
}

interface Lock {
  /** Process id, host name, and a random id. */
  holder: string;
  touchedMs: number;
}

async function createLock(lockFile: string, holder: string): Promise<boolean> {
  try {
    await writeFile(lockFile, holder, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined when there is none: it was released between two looks. */
async function lookAt(lockFile: string): Promise<Lock | undefined> {
  try {
    return { holder: await readFile(lockFile, "utf8"), touchedMs: (await stat(lockFile)).mtimeMs };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isDead({ holder }: Lock): boolean {
  const [pid, host] = holder.split(" ");
  return host === hostname() && Number(pid) > 0 && !isAlive(Number(pid));
}

/** Removes an abandoned lock, and puts back one that another process has taken meanwhile. */
async function removeLock(lockFile: string, abandoned: Lock): Promise<void> {
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    await rename(lockFile, aside);
  } catch {
    return; // Another process was faster.
  }
  if ((await lookAt(aside))?.holder === abandoned.holder) await rm(aside, { force: true });
  else await rename(aside, lockFile);
}
