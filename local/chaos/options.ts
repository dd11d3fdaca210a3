/** Faults that a local cloud injects. A fault that is absent does not happen. */
export interface ChaosOptions {
  /** Names the decisions: the same seed repeats them, function by function. Default: a random one, which is printed. */
  seed?: number;
  /** Probability, 0 to 1, that an event arrives twice. */
  duplicate?: number;
  /** Probability that an event waits until later ones of its function have passed it. */
  reorder?: number;
  /** Probability that an event waits for up to 2 s. */
  delay?: number;
  /** Probability that a Firestore event never reaches its function. */
  dropTrigger?: number;
  /** Probability that a delivery fails: half of them before the function sees it, half after its work. */
  fail?: number;
  /** Probability that a delivery is cut off within a second, while its function continues to work. */
  cutTime?: number;
  /** Mean time between two SIGKILLs, each for one function's process. */
  killEveryMs?: number;
  /**
   * Mean time between two freezes of a worker, each of 4 to 6 s once another process is ready to take over its jobs.
   */
  freezeEveryMs?: number;
  /** Mean time between two stops of the Firestore emulator, of 1 to 3 s each. */
  pauseFirestoreEveryMs?: number;
  /** Mean time between two restarts of the Pub/Sub emulator, each of which loses its messages. */
  restartPubsubEveryMs?: number;
}

/** The faults that happen to some events, each with its probability. */
export const EVENT_FAULTS = ["duplicate", "reorder", "delay", "dropTrigger", "fail", "cutTime"] as const;
export type EventFault = (typeof EVENT_FAULTS)[number];

/** The names of the list and their meanings, for `--help`. */
export const CHAOS_HELP = `seed=42            the same seed repeats the same decisions; printed when left out
duplicate=0.2      events arrive twice (each a probability from 0 to 1)
reorder=0.2        events wait until later ones have passed, for 2 s at most
delay=0.2          events wait for up to 2 s
dropTrigger=0.1    Firestore events never reach their function
fail=0.1           deliveries fail, half of them after the function has done its work
cutTime=0.1        deliveries are cut off within a second, and the function works on
kill=3s            about so often a function's process is killed (500ms, 3s, 2m)
freeze=5s          about so often a worker stands still for 4 to 6 s, and another takes over
pauseFirestore=10s about so often the Firestore emulator stands still for 1 to 3 s
restartPubsub=20s  about so often the Pub/Sub emulator restarts, without its messages`;

const DURATIONS = {
  kill: "killEveryMs",
  freeze: "freezeEveryMs",
  pauseFirestore: "pauseFirestoreEveryMs",
  restartPubsub: "restartPubsubEveryMs",
} as const;
const NAMES = ["seed", ...EVENT_FAULTS, ...Object.keys(DURATIONS)];
const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 };
/**
 * Node's timers hold no more than this, and start at once instead. Half of it, since a pause may last one and a half
 * times its mean.
 */
const MAX_DURATION_MS = 2 ** 30;

/**
 * Reads `seed=42,duplicate=0.2,kill=3s`. Answers one sentence that says what is wrong and what is allowed when it is
 * not such a list.
 */
export function parseChaos(text: string): { chaos: ChaosOptions } | { problem: string } {
  const chaos: ChaosOptions = {};
  const seen = new Set<string>();
  for (const part of text.split(",")) {
    const [name = "", value = "", ...rest] = part.split("=").map((piece) => piece.trim());
    if (!NAMES.includes(name))
      return { problem: `there is no fault "${name}"; give name=value with ${NAMES.join(", ")}` };
    if (seen.has(name)) return { problem: `${name} is given twice` };
    seen.add(name);
    const problem = rest.length > 0 ? `"${part}" has more than one =` : setOne(chaos, name, value);
    if (problem !== undefined) return { problem };
  }
  return { chaos };
}

/** Sets one option; answers what is wrong with its value, if anything. */
function setOne(chaos: ChaosOptions, name: string, value: string): string | undefined {
  if (name === "seed") {
    const seed = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(seed))
      return `"${value}" is no seed (a whole number from 0 to ${Number.MAX_SAFE_INTEGER})`;
    chaos.seed = seed;
  } else if (isProbability(name)) {
    const probability = Number(value);
    if (!/^\d*\.?\d+$/.test(value) || probability > 1)
      return `"${value}" is no probability for ${name} (0 to 1, e.g. 0.2)`;
    chaos[name] = probability;
  } else if (isDuration(name)) {
    const milliseconds = durationMs(value);
    if (milliseconds === undefined || milliseconds < 1 || milliseconds > MAX_DURATION_MS)
      return `"${value}" is no duration for ${name} (e.g. 500ms, 3s, 2m)`;
    chaos[DURATIONS[name]] = milliseconds;
  }
  return undefined;
}

function durationMs(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  return unit === "ms" || unit === "s" || unit === "m" ? Number(number) * UNIT_MS[unit] : undefined;
}

function isProbability(name: string): name is EventFault {
  return EVENT_FAULTS.some((fault) => fault === name);
}

function isDuration(name: string): name is keyof typeof DURATIONS {
  return Object.hasOwn(DURATIONS, name);
}
