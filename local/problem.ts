/**
 * The error of a local cloud that cannot start, or cannot continue, for a reason that the person at the terminal can
 * act on. Its message is all they see.
 */
export class LocalCloudError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalCloudError";
  }
}

/**
 * The text to print for `error`: the message alone when it was written for people, else the stack, since it is a
 * defect.
 */
export function explain(error: unknown): string {
  if (error instanceof LocalCloudError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
