import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Folders whose files are no source. */
const NEVER_WATCHED = new Set(["node_modules", ".git"]);

/** A folder that is watched. */
export interface Watched {
  close(): void;
}

/** Which paths of a folder are watched, and the listener. */
export interface WatchOptions {
  /** True for paths, absolute, whose changes do not matter; the inside of such a folder is not looked at. */
  isIgnored(path: string): boolean;
  /** Called with the path of a file that was written, renamed or removed; several times for one save. */
  onChange(path: string): void;
}

/**
 * Watches a folder and those below it. Each folder has a watcher of its own: the recursive one of Node would also look
 * into `node_modules`, which has more folders than a system watches.
 */
export async function watchFolder(folder: string, options: WatchOptions): Promise<Watched> {
  const watchers = new Map<string, FSWatcher>();
  let isClosed = false;

  const forget = (path: string) => {
    watchers.get(path)?.close();
    watchers.delete(path);
  };
  const add = async (path: string): Promise<void> => {
    // A watcher of a file would tell of the same change once more, by a path below the file.
    if (!(await isFolder(path)) || isClosed || watchers.has(path)) return;
    const watcher = watch(path, (_, name) => {
      if (name === null || NEVER_WATCHED.has(name)) return;
      const changed = join(path, name);
      if (options.isIgnored(changed)) return;
      options.onChange(changed);
      // It may be a new folder.
      void add(changed).catch(() => {});
    });
    // A folder that was removed: its parent's watcher tells of it.
    watcher.on("error", () => forget(path));
    watchers.set(path, watcher);
    await addBelow(path);
  };
  const addBelow = async (path: string): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory() && !NEVER_WATCHED.has(entry.name));
    const paths = folders.map(({ name }) => join(path, name)).filter((each) => !options.isIgnored(each));
    await Promise.all(paths.map(add));
  };
  await add(folder);
  return {
    close() {
      isClosed = true;
      for (const path of [...watchers.keys()]) forget(path);
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
