/** Exit codes of the commands. `docs/cli.md` lists them, and programs rely on them: they do not change. */
export const EXIT = {
  /** Done, or there was nothing to do. */
  ok: 0,
  /** It failed, refused the project, or found something. Nothing was written, unless its output says so. */
  failed: 1,
  /** The command, an option or its value is wrong. */
  usage: 2,
  /** There is something to write, and no yes to it. */
  unconfirmed: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
