/** A local cloud that cannot start, or cannot go on, for a reason the person at the terminal can act on. Its message is all they see. */
export class LocalCloudError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LocalCloudError";
  }
}

/** What to print for `error`: the message alone when it was written for people, else the stack, since it is a defect. */
export function explain(error: unknown): string {
  if (error instanceof LocalCloudError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
