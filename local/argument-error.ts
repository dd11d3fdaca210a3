/** An argument that says nothing usable. Its message is one line. */
export class ArgumentError extends Error {}

/** The sentence about arguments that were refused: `parseArgs` says what is wrong in its first sentence; the rest explains its own rules. */
export function refusalOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ArgumentError) return message;
  return message.split(". ")[0] ?? message;
}
