/** Reasons for which a project is left as it is. `docs/cli.md` explains each. */
export const REFUSAL_CODES = [
  "project-missing",
  "config-unreadable",
  "codebase-unknown",
  "codebase-unclear",
  "codebase-language",
  "entry-missing",
  "entry-has-baton",
  "package-unreadable",
  "sdk-old",
  "firestore-unconfigured",
  "database-unknown",
  "rules-unreadable",
  "rules-version",
  "rules-clash",
  "rules-open",
  "indexes-unreadable",
  "folder-taken",
  "file-changed",
  "file-unreadable",
  "engine-missing",
  "local-missing",
  "install-failed",
  "sign-in-failed",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Something in the project that Baton's commands do not understand, or will not do. Nothing has been written. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  /** Lines that a person can add by hand instead; may be empty. */
  readonly byHand: string;

  /** `message` says what is wrong, where, and what to do. */
  constructor(code: RefusalCode, message: string, options: { byHand?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.byHand = options.byHand ?? "";
  }
}
