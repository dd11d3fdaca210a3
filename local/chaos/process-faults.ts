import type { Bridge } from "../bridge/bridge.ts";
import type { Emulator } from "../emulators/emulator.ts";
import type { FunctionProcess } from "../functions/function-process.ts";
import type { FaultContext } from "./faulty-send.ts";
import type { ChaosOptions } from "./options.ts";
import { type Random, randomStream } from "./random.ts";

/** The processes that are killed, stopped and restarted. */
export interface FaultTargets {
  functions: FunctionProcess[];
  firestore: Pick<Emulator, "pause" | "resume">;
  pubsub: Pick<Emulator, "restart">;
  bridge: Pick<Bridge, "losePubsub" | "restorePubsub" | "stats">;
}

/** The targets and the counts of one cloud's faults. */
interface Stage extends FaultTargets, FaultContext {
  log(line: string): void;
}

/** Injects one fault, and resolves when it is repaired. */
type Fault = (stage: Stage, random: Random) => Promise<void>;

const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 3_000;
const MIN_FREEZE_MS = 4_000;
const MAX_FREEZE_MS = 6_000;
/** How long a frozen worker continues afterwards: long enough for its last writes, which come too late. */
const AFTER_FREEZE_MS = 2_000;

/**
 * Injects the wanted faults into the processes until `calm` aborts; before each one passes half to one and a half times
 * its mean time. Resolves when the last fault is repaired: Firestore runs, Pub/Sub is up with its topics. Rejects when
 * Pub/Sub does not come back.
 */
export async function startProcessFaults(
  options: ChaosOptions & { seed: number },
  targets: FaultTargets,
  context: FaultContext,
  log: (line: string) => void,
): Promise<void> {
  const stage = { ...targets, ...context, log };
  const repeat = (purpose: string, meanMs: number | undefined, fault: Fault) =>
    meanMs === undefined
      ? undefined
      : repeatUntil(context.calm, meanMs, randomStream(options.seed, purpose), (random) => fault(stage, random));
  await Promise.all([
    repeat("kill", options.killEveryMs, kill),
    repeat("freeze", options.freezeEveryMs, freeze),
    repeat("pauseFirestore", options.pauseFirestoreEveryMs, pauseFirestore),
    repeat("restartPubsub", options.restartPubsubEveryMs, restartPubsub),
  ]);
}

async function kill({ functions, counts, log }: Stage, random: Random): Promise<void> {
  const target = functions[Math.floor(random() * functions.length)];
  const pid = target?.pid();
  // A function that has not come back from its last death has no process to kill.
  if (target === undefined || pid === undefined) return;
  const { name } = target.spec;
  log(`killing ${name} (process ${pid})`);
  counts.kills[name] = (counts.kills[name] ?? 0) + 1;
  await target.kill("SIGKILL");
}

/**
 * Stops a worker that is at work, if there is one, for longer than a short lease; another process takes its place
 * meanwhile.
 */
async function freeze({ functions, bridge, counts, calm, log }: Stage, random: Random): Promise<void> {
  const workers = functions.filter(({ spec }) => spec.name.startsWith("baton-worker"));
  const stats = bridge.stats();
  const atWork = workers.filter(({ spec }) => (stats[spec.name]?.inFlight ?? 0) > 0);
  const candidates = atWork.length > 0 ? atWork : workers;
  const target = candidates[Math.floor(random() * candidates.length)];
  const frozen = await target?.replace();
  if (target === undefined || frozen === undefined) return;
  const freezeMs = between(MIN_FREEZE_MS, MAX_FREEZE_MS, random);
  log(`stopping ${target.spec.name} (process ${frozen.pid}) for ${freezeMs} ms, with another in its place`);
  counts.freezes += 1;
  frozen.kill("SIGSTOP");
  // A process takes seconds to start on a busy machine, and takes nothing over before.
  await target.socketPath(calm).catch(() => undefined);
  await sleep(freezeMs, calm);
  frozen.kill("SIGCONT");
  await sleep(AFTER_FREEZE_MS, calm);
  await frozen.stop();
}

async function pauseFirestore({ firestore, counts, calm, log }: Stage, random: Random): Promise<void> {
  const pauseMs = between(MIN_PAUSE_MS, MAX_PAUSE_MS, random);
  log(`stopping Firestore for ${pauseMs} ms`);
  counts.firestorePauses += 1;
  firestore.pause();
  try {
    await sleep(pauseMs, calm);
  } finally {
    firestore.resume();
  }
}

async function restartPubsub({ pubsub, bridge, counts, log }: Stage): Promise<void> {
  counts.pubsubRestarts += 1;
  log("restarting Pub/Sub without its messages");
  await pubsub.restart(() => {
    counts.lostMessages += bridge.losePubsub();
  });
  await bridge.restorePubsub();
}

function between(leastMs: number, mostMs: number, random: Random): number {
  return Math.round(leastMs + random() * (mostMs - leastMs));
}

async function repeatUntil(
  calm: AbortSignal,
  meanMs: number,
  random: Random,
  fault: (random: Random) => Promise<void>,
): Promise<void> {
  for (;;) {
    await sleep(meanMs * (0.5 + random()), calm);
    if (calm.aborted) return;
    await fault(random);
  }
}

/** Resolves after `ms`, or as soon as `calm` aborts. */
function sleep(ms: number, calm: AbortSignal): Promise<void> {
  if (calm.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      calm.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    calm.addEventListener("abort", wake);
  });
}
