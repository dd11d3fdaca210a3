import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A user with an empty folder, Node 20, and nothing in npm's cache. */
export interface Newcomer {
  /** The folder of the project. */
  folder: string;
  /** Runs a command to its end, and gives what it prints. Rejects with that when it fails. */
  run(command: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Starts a command that runs until it is stopped. */
  start(command: string): RunningCommand;
}

/** A command that runs. */
export interface RunningCommand {
  /** Its output on stdout and on stderr until now. */
  printed(): { stdout: string; stderr: string };
  isGone(): boolean;
  /** Asks it to end, as Ctrl-C does, and waits until it has. */
  stop(): Promise<void>;
}

/** The Node that the newcomer has: the oldest that Baton runs on. */
const NODE = "node@20.20.1";

/** Prepares an empty folder below `root` for a user whose npm asks `registry`. */
export async function makeNewcomer(root: string, registry: string): Promise<Newcomer> {
  const [folder, tools] = [join(root, "my app"), join(root, "tools")];
  await mkdir(folder);
  await mkdir(tools);
  const env = cleanEnvironment({
    npm_config_cache: join(root, "cache"),
    npm_config_registry: registry,
    // The answer to "Ok to proceed?" of npx.
    npm_config_yes: "true",
  });
  await printedBy(spawnIn(tools, `npm install --prefix . ${NODE}`, env));
  const path = [join(tools, "node_modules", ".bin"), env.PATH].join(delimiter);
  const own = { ...env, PATH: path };
  return {
    folder,
    run: (command, more) => printedBy(spawnIn(folder, command, { ...own, ...more })),
    start: (command) => running(spawnIn(folder, command, own)),
  };
}

type Env = Record<string, string | undefined>;

/** The environment of this process, without what npm and mocha tell the programs that they run. */
function cleanEnvironment(more: Env): Env {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|BATON_|FIREBASE_)/i.test(name));
  return { ...Object.fromEntries(kept), PATH: withoutPackages(process.env.PATH ?? ""), ...more };
}

/** Programs of this repository's packages are none of the newcomer's. */
function withoutPackages(path: string): string {
  const folders = path.split(delimiter).filter((each) => !each.includes("node_modules"));
  return folders.join(delimiter);
}

function spawnIn(cwd: string, command: string, env: Env): ChildProcess {
  // A group of its own: Ctrl-C reaches every process of a command.
  return spawn("bash", ["-c", command], { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
}

function running(child: ChildProcess): RunningCommand {
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
    });
  }
  const ended = once(child, "close");
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    printed: () => printed,
    isGone,
    async stop() {
      if (!isGone() && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      await ended;
    },
  };
}

async function printedBy(child: ChildProcess): Promise<string> {
  const { printed } = running(child);
  const [code] = await once(child, "close");
  const { stdout, stderr } = printed();
  if (code !== 0) throw new Error(`${child.spawnargs.at(-1)} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
