import { randomStream } from "../../local/chaos/random.ts";

/** One submission of a chaos run. */
export interface Planned {
  /** The idempotency key of the submission, and its name in the report. */
  key: string;
  owner: string;
  kind: Kind;
  type: string;
  input: Record<string, unknown>;
  orderingKey?: string;
  /** The owner cancels it so many milliseconds after it was accepted. */
  cancelAfterMs?: number;
  /** Submitted for a time this long after now. */
  delayMs?: number;
  hasWebhook: boolean;
}

/** The kinds of jobs, with their shares in percent. */
const SHARES = [
  ["short", 20],
  ["stepped", 10],
  ["contested", 10],
  ["parallel", 2],
  ["failing", 12],
  ["sleeping", 8],
  ["ordered", 12],
  ["cancelled", 6],
  ["waiting", 8],
  ["cached", 10],
  ["crashing", 2],
] as const;

export type Kind = (typeof SHARES)[number][0];

/** The ways in which a job of kind `waiting` waits while its owner cancels it. */
const WAITS = ["sleep", "backoff", "work"];

const OWNERS = 8;

/** The tiers of a run, with the jobs that an owner may have active. */
export const SLOTS = { chaos: 40, narrow: 3 } as const;

/** The owners of a run and their tiers: the last one's is narrow. */
export function ownersOf(seed: number): Map<string, keyof typeof SLOTS> {
  return new Map(
    Array.from({ length: OWNERS }, (_, number) => [ownerOf(seed, number), number === OWNERS - 1 ? "narrow" : "chaos"]),
  );
}

function ownerOf(seed: number, number: number): string {
  return `chaos-${seed}-${number}`;
}

/** The submissions of a run, in order; the same seed gives the same ones. */
export function plan(seed: number, jobs: number): Planned[] {
  const random = randomStream(seed, "plan");
  const below = (limit: number) => Math.floor(random() * limit);
  const kinds = SHARES.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  const seqs = new Map<string, number>();
  return Array.from({ length: jobs }, (_, index) => {
    const kind = kinds[below(kinds.length)] ?? "short";
    const ownerNumber = below(OWNERS);
    const lane = `lane-${ownerNumber}-${below(2)}`;
    const seq = (seqs.get(lane) ?? 0) + 1;
    if (kind === "ordered") seqs.set(lane, seq);
    return {
      key: `s${seed}-${index}`,
      owner: ownerOf(seed, ownerNumber),
      kind,
      type: `chaos.${kind}`,
      input: inputOf(kind, { below, lane: `${seed}-${lane}`, seq }),
      ...(kind === "ordered" && { orderingKey: lane }),
      ...(kind === "cancelled" && { cancelAfterMs: below(3000) }),
      ...(kind === "waiting" && { cancelAfterMs: below(6000) }),
      ...((kind === "short" || kind === "waiting") && random() < 0.1 && { delayMs: 500 + below(4000) }),
      hasWebhook: random() < 0.3,
    };
  });
}

function inputOf(kind: Kind, { below, lane, seq }: { below(limit: number): number; lane: string; seq: number }) {
  switch (kind) {
    case "short":
      return { n: below(1000) };
    case "stepped":
      return { steps: 2 + below(4), stepMs: 20 + below(400) };
    case "parallel":
      return { steps: 200, adds: 10 + below(20) };
    case "failing":
      return { failures: 1 + below(5), isPermanent: below(4) === 0 };
    case "sleeping":
      return { sleepMs: 200 + below(3000) };
    case "ordered":
      return { key: lane, seq };
    case "cancelled":
      return {};
    case "waiting":
      return { wait: WAITS[below(WAITS.length)], ms: 300 + below(5000) };
    case "contested":
      return { rounds: 16, roundMs: 150 + below(200) };
    case "cached": {
      const n = below(12);
      return { n, isPermanent: n % 4 === 3 };
    }
    case "crashing":
      return { crashes: 1 + below(4) };
  }
}
