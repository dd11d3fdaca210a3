/** The part of one file that is Baton's, in a project. */
export interface Edit {
  readonly path: string;
  /** Adds the part, or renews it, and leaves every other byte as it is. Idempotent. Throws a `Refusal`. */
  add(text: string): string;
  /** Takes the part out. The text without the part is answered as it is. */
  remove(text: string): string;
}
