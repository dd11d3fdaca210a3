import { setTimeout as pause } from "node:timers/promises";
import type { FunctionProcess } from "../functions/function-process.ts";
import { LocalCloudError } from "../problem.ts";

const PROBE_EVERY_MS = 50;
const PROBE_TIMEOUT_MS = 2_000;

/**
 * Resolves when every function has a process that listens and every host (`host:port`) answers HTTP; a
 * `LocalCloudError` names those that do not before `signal` aborts.
 */
export async function whenAllAnswer(functions: FunctionProcess[], hosts: string[], signal: AbortSignal): Promise<void> {
  const waitingFor = new Set<string>();
  const wait = async (name: string, answers: Promise<unknown>) => {
    waitingFor.add(name);
    await answers;
    waitingFor.delete(name);
  };
  try {
    await Promise.all([
      ...functions.map((target) => wait(target.spec.name, target.socketPath(signal))),
      ...hosts.map((host) => wait(host, whenAnswering(host, signal))),
    ]);
  } catch (cause) {
    throw new LocalCloudError(`After the faults, ${[...waitingFor].join(", ")} did not answer again.`, { cause });
  }
}

async function whenAnswering(host: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
      await response.arrayBuffer();
      return;
    } catch {
      // It is starting, or still busy with what came while it stood still.
      await pause(PROBE_EVERY_MS);
    }
  }
}
