/** The files of a project, as texts. Paths are relative to the folder of `firebase.json`, with `/` between names. */
export interface ProjectFiles {
  /** The text of a file, its byte order mark included; undefined when there is none. Throws a `Refusal` when it is not UTF-8. */
  read(path: string): string | undefined;
  /** Paths of all files below a folder, sorted; packages (`node_modules`) left out. Empty when there is no such folder. */
  list(folder: string): string[];
}

/** A file that a command creates (`before` undefined), edits, or deletes (`after` undefined). */
export interface FileChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Files as a command means to leave them. Nothing is written to the disk. */
export interface WorkingCopy extends ProjectFiles {
  write(path: string, text: string): void;
  remove(path: string): void;
  /** The files that differ from those underneath, in the order of the first write. */
  changes(): FileChange[];
}

/** Opens a working copy over `files`. */
export function workingCopy(files: ProjectFiles): WorkingCopy {
  const written = new Map<string, string | undefined>();
  return {
    read: (path) => (written.has(path) ? written.get(path) : files.read(path)),
    list: (folder) => {
      const all = new Set(files.list(folder));
      for (const [path, text] of written) {
        if (!path.startsWith(`${folder}/`)) continue;
        if (text === undefined) all.delete(path);
        else all.add(path);
      }
      return [...all].sort();
    },
    write: (path, text) => void written.set(path, text),
    remove: (path) => void written.set(path, undefined),
    changes: () =>
      [...written]
        .map(([path, after]) => ({ path, before: files.read(path), after }))
        .filter(({ before, after }) => before !== after),
  };
}
