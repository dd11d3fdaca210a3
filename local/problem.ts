/**
 * The error of a local cloud that cannot start, or cannot continue, for a reason that the person at the terminal can
 * act on. Only its message is printed.
 */
export class LocalCloudError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalCloudError";
  }
}

/**
 * Renders an error for the terminal: the message of a `LocalCloudError`, and the stack of any other, which is a
 * defect.
 */
export function explain(error: unknown): string {
  if (error instanceof LocalCloudError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
