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
  bridge: Pick<Bridge, "losePubsub" | "restorePubsub">;
}

const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 3_000;
const MIN_FREEZE_MS = 4_000;
const MAX_FREEZE_MS = 6_000;
/** How long a worker that stood still may go on with what it had: long enough for its last writes, which come too late. */
const AFTER_FREEZE_MS = 2_000;

/**
 * Does the wanted faults to the processes, each after a pause of half to one and a half times its mean, until it is calm. Resolves
 * when the last fault is repaired: Firestore goes on, Pub/Sub is up with its topics. Rejects when Pub/Sub does not come back.
 */
export async function startProcessFaults(
  options: ChaosOptions & { seed: number },
  targets: FaultTargets,
  { counts, calm }: FaultContext,
  log: (line: string) => void,
): Promise<void> {
  const { functions, firestore, pubsub, bridge } = targets;

  async function kill(random: Random): Promise<void> {
    const target = functions[Math.floor(random() * functions.length)];
    const pid = target?.pid();
    // One that has not come back from its last death has no process that could die.
    if (target === undefined || pid === undefined) return;
    const { name } = target.spec;
    log(`killing ${name} (process ${pid})`);
    counts.kills[name] = (counts.kills[name] ?? 0) + 1;
    await target.kill("SIGKILL");
  }

  async function freeze(random: Random): Promise<void> {
    const workers = functions.filter(({ spec }) => spec.name.startsWith("baton-worker"));
    const target = workers[Math.floor(random() * workers.length)];
    const frozen = await target?.replace();
    if (target === undefined || frozen === undefined) return;
    const freezeMs = between(MIN_FREEZE_MS, MAX_FREEZE_MS, random);
    log(`stopping ${target.spec.name} (process ${frozen.pid}) for ${freezeMs} ms, with another in its place`);
    counts.freezes += 1;
    frozen.kill("SIGSTOP");
    await sleep(freezeMs, calm);
    frozen.kill("SIGCONT");
    await sleep(AFTER_FREEZE_MS, calm);
    await frozen.stop();
  }

  async function pauseFirestore(random: Random): Promise<void> {
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

  async function restartPubsub(): Promise<void> {
    counts.pubsubRestarts += 1;
    log("restarting Pub/Sub without its messages");
    await pubsub.restart(() => {
      counts.lostMessages += bridge.losePubsub();
    });
    await bridge.restorePubsub();
  }

  const repeat = (purpose: string, meanMs: number | undefined, fault: (random: Random) => Promise<void>) =>
    meanMs === undefined ? undefined : repeatUntil(calm, meanMs, randomStream(options.seed, purpose), fault);
  await Promise.all([
    repeat("kill", options.killEveryMs, kill),
    repeat("freeze", options.freezeEveryMs, freeze),
    repeat("pauseFirestore", options.pauseFirestoreEveryMs, pauseFirestore),
    repeat("restartPubsub", options.restartPubsubEveryMs, restartPubsub),
  ]);
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

/** Resolves after `ms`, or as soon as it is calm. */
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
