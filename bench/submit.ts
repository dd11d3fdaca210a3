import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import autocannon from "autocannon";
import { type LocalCloud, startLocalCloud } from "../local/cloud.ts";
import { signIn } from "../local/users.ts";
import { buildTestBundles } from "../test/support/test-bundles.ts";
import { percentile, round, store } from "./results.ts";
import { WIDE_LIMITS } from "./wide-limits.ts";

/*
 * `node bench/submit.ts [requests]`: what an idempotency key, an ordering key, and both add to the time of a
 * submission, which counts the quotas in any case; on the local cloud, in rounds that take turns, the median of each.
 * Prints it and stores `bench/results/submit.json`. Two to three minutes.
 */

const REQUESTS = Number(process.argv[2] ?? 30);
const ROUNDS = 5;
const CONNECTIONS = [1, 20];
const TIERS = { free: { ...WIDE_LIMITS, activeJobs: 1000 } };
const KINDS = {
  plain: {},
  "with Idempotency-Key": { hasKey: true },
  "with orderingKey": { hasLane: true },
  "with both": { hasKey: true, hasLane: true },
} satisfies Record<string, Kind>;

interface Kind {
  hasKey?: boolean;
  hasLane?: boolean;
}

/** The median, in milliseconds, of one round: every request with keys of its own. */
async function roundOf({ addresses }: LocalCloud, kind: Kind, connections: number): Promise<number> {
  const authorization = `Bearer ${await signIn(addresses.authHost, randomUUID())}`;
  const { latency, non2xx } = await autocannon({
    url: `${addresses.apiUrl}/v1/jobs`,
    connections,
    amount: connections === 1 ? REQUESTS : 4 * REQUESTS,
    requests: [
      {
        method: "POST",
        setupRequest: (request) => ({
          ...request,
          headers: {
            authorization,
            "content-type": "application/json",
            ...(kind.hasKey && { "idempotency-key": randomUUID() }),
          },
          body: JSON.stringify({
            type: "test.echo",
            input: {},
            ...(kind.hasLane && { orderingKey: randomUUID() }),
          }),
        }),
      },
    ],
  });
  if (non2xx > 0) throw new Error(`${non2xx} submissions were refused`);
  return latency.p50;
}

/** Waits until no function is at work. */
async function untilIdle(cloud: LocalCloud): Promise<void> {
  while (Object.values(cloud.stats()).some(({ inFlight, waiting }) => inFlight + waiting > 0)) await pause(50);
}

async function measure(cloud: LocalCloud) {
  const rows: Record<string, Record<string, number>> = {};
  for (const connections of CONNECTIONS) {
    const rounds = new Map<string, number[]>();
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, kind] of Object.entries(KINDS)) {
        const p50 = await roundOf(cloud, kind, connections);
        await untilIdle(cloud);
        // The first one warms everything up.
        if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), p50]);
      }
    }
    const plain = percentile(rounds.get("plain") ?? [], 50);
    for (const [name, times] of rounds) {
      const p50Ms = percentile(times, 50);
      rows[`${name}, ${connections} connections`] = { p50Ms, timesPlain: round(p50Ms / plain) };
    }
  }
  return rows;
}

// The Google client here would look for a metadata server of the cloud.
process.env.METADATA_SERVER_DETECTION = "none";
const env = { TIERS: JSON.stringify(TIERS) };
const cloud = await startLocalCloud({ ports: "auto", console: false, codebases: await buildTestBundles(), env });
const rows = await measure(cloud).finally(() => cloud.stop());
console.table(rows);
await store("submit", { rows });
