/** The person, or the program, that runs a command. */
export interface Terminal {
  /** Prints a text to the standard output, with a line end behind it. */
  print(text: string): void;
  /** Prints a text to the error output, with a line end behind it. */
  warn(text: string): void;
  /** True when a person can answer a question. */
  readonly isInteractive: boolean;
  readonly hasColors: boolean;
  /** Asks a question whose answer is yes or no. Answers false at once where no person can answer. */
  confirm(question: string): Promise<boolean>;
}
