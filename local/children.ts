import { type ChildProcess, spawn } from "node:child_process";
import { type LogLine, lineSplitter } from "./log.ts";
import { programBeside } from "./package-file.ts";
import { LocalCloudError } from "./problem.ts";

/** A process of the local cloud. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone, with its exit: `code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** The last lines it printed, oldest first; at most 20. */
  lastLines(): string[];
  /** Signals the process and those it started. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, even one that was stopped with SIGSTOP; insists after 5 s, and waits until it is gone. */
  stop(): Promise<void>;
}

/** A program to run. `env` is the whole environment of the process. */
export interface Command {
  name: string;
  file: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
}

/** All processes of one cloud. */
export interface Children {
  /**
   * Starts a process in a group of its own, so that Ctrl-C reaches only the main process. Throws once `stopAll` was
   * called.
   */
  start(command: Command): Child;
  /** Stops all processes, and resolves when none is left. */
  stopAll(): Promise<void>;
  /** True once `stopAll` was called: what ends now ends because it was asked to. */
  isStopping(): boolean;
  /** Process ids that are alive now. */
  alive(): number[];
}

const STOP_GRACE_MS = 5_000;
const KEPT_LINES = 20;

/**
 * A group of processes whose output goes to `log`, line by line, and that do not outlive this process however it ends.
 */
export function createChildren(log: LogLine): Children {
  const children = new Map<number, Child>();
  let isStopping = false;
  let watchdog: ChildProcess | undefined;

  return {
    start(command) {
      if (isStopping) throw new LocalCloudError("The local cloud is stopping.");
      watchdog ??= startWatchdog();
      const child = startChild(command, log);
      children.set(child.pid, child);
      watchdog.stdin?.write(`+${child.pid}\n`);
      void child.ended.then(() => {
        children.delete(child.pid);
        watchdog?.stdin?.write(`-${child.pid}\n`);
      });
      return child;
    },
    async stopAll() {
      isStopping = true;
      await Promise.all([...children.values()].map((child) => child.stop()));
      if (watchdog) await endWatchdog(watchdog);
      watchdog = undefined;
    },
    isStopping: () => isStopping,
    alive: () => [...children.keys(), ...(watchdog?.pid ? [watchdog.pid] : [])],
  };
}

function startChild(command: Command, log: LogLine): Child {
  const { name, file, args, env, cwd } = command;
  const child = spawn(file, args, { env, cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const kept: string[] = [];
  let isGone = false;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => {
      kept.push(error.message);
      if (child.pid === undefined) resolve(`could not start: ${error.message}`);
    });
    child.once("close", (code, signal) => {
      isGone = true;
      resolve(signal ? `signal ${signal}` : `code ${code}`);
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    const lines = lineSplitter((line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      log(name, line);
    });
    stream.setEncoding("utf8").on("data", lines.push).on("end", lines.end);
  }
  if (child.pid === undefined) throw new LocalCloudError(`${file} could not be started (${name}).`);
  const pid = child.pid;
  const kill = (signal: NodeJS.Signals) => {
    // Not only while the process itself runs: one that it started may outlive it, and keep its output open.
    if (!isGone) killGroup(pid, signal);
  };
  return { name, pid, ended, kill, lastLines: () => [...kept], stop: () => stopChild(kill, ended) };
}

/** Every child leads a group of its own; a program behind a wrapper script is in it. */
function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // It ended in this moment, and its exit event has not come yet.
  }
}

async function stopChild(kill: (signal: NodeJS.Signals) => void, ended: Promise<string>): Promise<void> {
  kill("SIGTERM");
  kill("SIGCONT");
  const insist = setTimeout(() => kill("SIGKILL"), STOP_GRACE_MS);
  await ended;
  clearTimeout(insist);
}

function startWatchdog(): ChildProcess {
  const script = programBeside(import.meta.filename, "watchdog");
  const watchdog = spawn(process.execPath, [script], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  // Losing the watchdog costs only the protection against SIGKILL; the cloud itself continues.
  watchdog.on("error", () => {});
  watchdog.stdin.on("error", () => {});
  return watchdog;
}

function endWatchdog(watchdog: ChildProcess): Promise<void> {
  if (watchdog.exitCode !== null || watchdog.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    watchdog.once("close", () => resolve());
    watchdog.stdin?.end();
  });
}
