import type { Child, Children, Command } from "../children.ts";
import { type LocalAddress, whenListening } from "../http.ts";
import { LocalCloudError } from "../problem.ts";

/** A running emulator, with what the faults of a hostile cloud need of it. */
export interface Emulator {
  /** Freezes its process: connections stay open and nothing answers, until `resume`. */
  pause(): void;
  resume(): void;
  /**
   * Kills it, and starts it again at the same address once `whileDown` has returned. Resolves when it accepts
   * connections; rejects with a `LocalCloudError` when it does not start.
   */
  restart(whileDown: () => void): Promise<void>;
}

/** The settings of an emulator's process. */
export interface EmulatorProgram {
  children: Children;
  command: Command;
  address: LocalAddress;
  /** Aborts the wait for its first start. */
  signal: AbortSignal;
  /** Told when it ends otherwise than by `restart`; also when the whole cloud stops, which the receiver knows. */
  fail(error: LocalCloudError): void;
}

/**
 * Starts an emulator. Resolves when it accepts connections; calls `fail`, which has to abort the wait, when it ends
 * before.
 */
export async function startEmulator(program: EmulatorProgram): Promise<Emulator> {
  const { children, command, address, signal, fail } = program;
  const killed = new WeakSet<Child>();

  function launch(): Child {
    const child = children.start(command);
    void child.ended.then((how) => {
      if (!killed.has(child)) fail(endOf(child, how));
    });
    return child;
  }

  let current = launch();
  await whenListening(address, signal);
  return {
    pause: () => current.kill("SIGSTOP"),
    resume: () => current.kill("SIGCONT"),
    async restart(whileDown) {
      killed.add(current);
      current.kill("SIGKILL");
      await current.ended;
      whileDown();
      current = launch();
      await whenUp(current, address);
    },
  };
}

function endOf(child: Child, how: string): LocalCloudError {
  const words = child.lastLines().slice(-5).join("\n");
  return new LocalCloudError(`The ${child.name} emulator ended unexpectedly (${how}):\n${words}`);
}

async function whenUp(child: Child, address: LocalAddress): Promise<void> {
  const gone = new AbortController();
  void child.ended.then((how) => gone.abort(endOf(child, how)));
  await whenListening(address, gone.signal);
}
