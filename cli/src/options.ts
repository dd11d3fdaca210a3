import { type Command, InvalidArgumentError, Option } from "commander";

/** Adds a command with the options of all of them, beside `--cwd`. */
export function plainCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .helpOption("-h, --help", "print this help")
    .option("--json", "print one JSON text; ask nothing");
}

/** Adds a command that looks for a project, from `cwd` upwards. */
export function command(program: Command, name: string, description: string, cwd: string): Command {
  return plainCommand(program, name, description).addOption(
    new Option("--cwd <folder>", "begin the search for firebase.json here").default(cwd, "the current folder"),
  );
}

/** Adds the options that say which codebase and which database of a project are meant. */
export function withProject(parent: Command): Command {
  return parent
    .option("--codebase <name>", "the functions codebase, by its name in firebase.json")
    .option("--entry <file>", "the source file whose exports are the functions, relative to firebase.json")
    .option("--database <name>", "the Firestore database, where it is not (default)");
}

/** Adds the options of a command that writes files. */
export function withWriting(parent: Command): Command {
  return parent
    .option("--dry-run", "show what would change, and write nothing")
    .option("--yes", "write without a question")
    .option("--full-diff", "show every line that changes");
}

/** Reads the id of a user. */
export function parseUid(uid: string): string {
  const trimmed = uid.trim();
  if (trimmed !== "" && trimmed.length <= 128) return trimmed;
  throw new InvalidArgumentError("A uid has 1 to 128 characters.");
}

/** Reads a host with its port. */
export function parseHost(host: string): string {
  if (/^[^\s/@]+:\d{1,5}$/.test(host)) return host;
  throw new InvalidArgumentError("Give a host and a port, such as 127.0.0.1:9099.");
}

/** Reads the id of a project of Google Cloud, or the name of an instance of a function kit. */
export function parseName(name: string): string {
  if (/^[a-z][a-z0-9.:-]*$/.test(name)) return name;
  throw new InvalidArgumentError("It has small letters, digits and hyphens.");
}
