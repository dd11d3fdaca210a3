import { Command, CommanderError, Option } from "commander";
import { z } from "zod";
import { build } from "./commands/build.ts";
import { dev } from "./commands/dev.ts";
import { doctor } from "./commands/doctor.ts";
import { EXIT } from "./commands/exit-codes.ts";
import { init } from "./commands/init.ts";
import { keys } from "./commands/keys.ts";
import { tellRefusals } from "./commands/propose.ts";
import { token } from "./commands/token.ts";
import { uninstall } from "./commands/uninstall.ts";
import type { Gcloud } from "./doctor/gcloud.ts";
import { gcloudSecrets } from "./keys/gcloud-secrets.ts";
import type { Secrets } from "./keys/make-missing-keys.ts";
import { command, parseHost, parseName, parseUid, plainCommand, withProject, withWriting } from "./options.ts";
import { Refusal } from "./refusal.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { VERSION } from "./versions.ts";

/** The parts of the process that the commands need. */
export interface Ports {
  readonly terminal: Terminal;
  readonly gcloud: Gcloud;
  /** The secrets of a project in the cloud, by the login of the Firebase CLI. */
  secrets(projectId: string): Secrets;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const flag = z.boolean().default(false);
const text = z.string().exactOptional();
const Common = z.object({ cwd: z.string(), json: flag });
const Where = { codebase: text, entry: text, database: text };
const Write = { dryRun: flag, yes: flag, fullDiff: flag };

const InitFlags = Common.extend({
  ...Where,
  ...Write,
  engine: text,
  install: flag,
  allowOpenRules: flag,
  newFirestoreFiles: flag,
});
const UninstallFlags = Common.extend({ ...Where, ...Write, keepJobs: flag, deleteJobs: flag });
const DoctorFlags = Common.extend({ ...Where, ...Write, project: text, fix: flag });
const BuildFlags = Common.extend({
  codebase: text,
  entry: text,
  out: z.string(),
  external: z.array(z.string()).default([]),
});
const KeysFlags = z.object({ project: text, kit: text, json: flag });
const TokenFlags = Common.extend({ tier: text, admin: flag, authHost: z.string() });

/** Runs the command that the arguments name. Resolves with the exit code; never rejects for what a user can cause. */
export async function run(args: readonly string[], ports: Ports): Promise<number> {
  let code: number = EXIT.ok;
  const done = async (work: Promise<number>) => {
    code = await work;
  };
  const program = commandsOf(ports, done);
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has printed what is wrong, or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof Refusal)) throw error;
    tellRefusals([error], { json: args.includes("--json") }, ports.terminal);
    return EXIT.failed;
  }
}

type Done = (work: Promise<number>) => Promise<void>;

function commandsOf(ports: Ports, done: Done): Command {
  const program = new Command("baton")
    .description("Adds Baton, durable background jobs, to a Firebase project.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (out) => ports.terminal.print(out.trimEnd()),
      writeErr: (out) => ports.terminal.warn(out.trimEnd()),
    })
    .showSuggestionAfterError()
    .addHelpText(
      "after",
      "\nExit codes: 0 done or nothing to do, 1 failed or found something, 2 wrong usage, 3 no yes was given.",
    );
  addInit(program, ports, done);
  addUninstall(program, ports, done);
  addDoctor(program, ports, done);
  addDev(program, ports, done);
  addToken(program, ports, done);
  addKeys(program, ports, done);
  addBuild(program, ports, done);
  return program;
}

function addInit(program: Command, { terminal, cwd }: Ports, done: Done): void {
  withWriting(withProject(command(program, "init", "add Baton to a Firebase project, or to an empty folder", cwd)))
    .option("--install", "install the packages afterwards")
    .option("--allow-open-rules", "add the block although rules of the app also open Baton's documents")
    .option(
      "--new-firestore-files",
      "create files of rules and indexes although the project may have some in the cloud",
    )
    .addOption(new Option("--engine <spec>", "the engine's package, as npm takes it").hideHelp())
    .action((flags: unknown) => done(init(InitFlags.parse(flags), terminal)));
}

function addUninstall(program: Command, { terminal, cwd }: Ports, done: Done): void {
  withWriting(withProject(command(program, "uninstall", "take Baton out of the project again", cwd)))
    .addOption(
      new Option("--keep-jobs", "keep the folder baton with job types that you wrote or changed").conflicts(
        "deleteJobs",
      ),
    )
    .option("--delete-jobs", "delete job types that you wrote or changed, too")
    .action((flags: unknown) => {
      const { keepJobs, deleteJobs, ...options } = UninstallFlags.parse(flags);
      const jobs = keepJobs ? ({ jobs: "keep" } as const) : deleteJobs ? ({ jobs: "delete" } as const) : {};
      return done(uninstall({ ...options, ...jobs }, terminal));
    });
}

function addDoctor(program: Command, { terminal, gcloud, cwd }: Ports, done: Done): void {
  withWriting(withProject(command(program, "doctor", "check code, rules, indexes, settings and versions", cwd)))
    .option("--project <id>", "check this project in the cloud, too, by the login of gcloud")
    .option("--fix", "repair what can be repaired, each after a yes")
    .action((flags: unknown) => done(doctor(DoctorFlags.parse(flags), terminal, gcloud)));
}

function addDev(program: Command, { terminal, cwd }: Ports, done: Done): void {
  program
    .command("dev")
    .description("run the project on this machine: emulators, functions and console")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .argument("[options...]", "options of the local cloud; --help lists them")
    .action((argv: string[]) => done(dev(cwd, argv, terminal)));
}

function addToken(program: Command, { terminal, cwd, env }: Ports, done: Done): void {
  command(program, "token", "print an ID token of a user of the running local cloud", cwd)
    .argument("<uid>", "the user; made where need be", parseUid)
    .option("--tier <tier>", "the user's tier: its limits")
    .option("--admin", "the user may read everything")
    .option(
      "--auth-host <host:port>",
      "the Auth emulator",
      parseHost,
      env.FIREBASE_AUTH_EMULATOR_HOST || "127.0.0.1:9099",
    )
    .action((uid: string, flags: unknown) => done(token({ uid, ...TokenFlags.parse(flags) }, terminal)));
}

function addKeys(program: Command, { terminal, env, gcloud, secrets }: Ports, done: Done): void {
  const keysCommand = plainCommand(program, "keys", "make the keys of webhooks that a project lacks; for predeploy")
    .addOption(
      new Option("--project <id>", "the project in the cloud; GCLOUD_PROJECT, which a deploy sets").argParser(
        parseName,
      ),
    )
    .option("--kit <name>", "the instance of a function kit; by the login of gcloud", parseName)
    .action((flags: unknown) => {
      const { project = env.GCLOUD_PROJECT || undefined, ...options } = KeysFlags.parse(flags);
      if (project !== undefined) {
        const store = options.kit === undefined ? secrets(project) : gcloudSecrets(gcloud, project);
        return done(keys({ ...options, projectId: project }, terminal, store));
      }
      return keysCommand.error("error: no project: give --project ID, or set GCLOUD_PROJECT as firebase deploy does");
    });
}

function addBuild(program: Command, { terminal, cwd }: Ports, done: Done): void {
  command(program, "build", "bundle the functions into one folder; no deploy needs it", cwd)
    .option("--codebase <name>", "the functions codebase, by its name in firebase.json")
    .option("--entry <file>", "the source file whose exports are the functions, relative to firebase.json")
    .option("--out <folder>", "the folder that receives the bundle", "dist")
    .option("--external <packages...>", "packages that stay outside of the bundle")
    .action((flags: unknown) => done(build(BuildFlags.parse(flags), terminal)));
}
