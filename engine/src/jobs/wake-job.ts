import { WakeMessage } from "@baton/protocol";
import { pauseUntil } from "../kit/pause.ts";
import type { Clock, Log } from "../kit/ports.ts";
import type { Engine } from "./engine.ts";
import type { ReceivedMessage } from "./rules/dead-letter.ts";

/** The ports that waking a job needs. */
export interface WakePorts {
  engine: Engine;
  clock: Clock;
  log: Log;
  /** Bounds what one process moves side by side, see `sideBySide`. */
  bounded<T>(work: () => Promise<T>): Promise<T>;
}

/** Jobs that one process moves side by side: those of one owner write to one document. */
export const MAX_SIDE_BY_SIDE = 50;
/** No message asks for more; one that does is left to the sweep, which also looks at that job. */
const MAX_WAIT_MS = 100_000;

/**
 * Handles one message of `baton-wakes`: keeps the invocation open until the job's time, and moves it on then. Cloud Run
 * gives a function CPU only while an invocation is open. Never early; a job that was moved on meanwhile, or waits for
 * something else by then, stays as it is. Always resolves, which acknowledges the message: the sweep finds what was not
 * moved. Only a process that dies has it delivered again.
 */
export async function wakeJob(ports: WakePorts, message: ReceivedMessage): Promise<void> {
  const { clock, log } = ports;
  const parsed = WakeMessage.safeParse(message.attributes);
  if (!parsed.success) {
    log.error("A message that names no job to wake was dropped.", {
      event: "message.unreadable",
      messageId: message.messageId,
    });
    return;
  }
  const { jobId, at } = parsed.data;
  const until = new Date(at);
  if (until.getTime() - clock.now().getTime() > MAX_WAIT_MS) return;
  await pauseUntil(clock, until);
  try {
    await ports.bounded(() => ports.engine.recheck(jobId));
  } catch (error) {
    log.warn("A job was not moved at its time; the sweep moves it.", { event: "job.not-woken", jobId, error });
  }
}
