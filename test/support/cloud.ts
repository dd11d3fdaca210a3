import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Addresses, type LocalCloud, startLocalCloud } from "../../local/cloud.ts";
import { isAlive } from "../../local/is-alive.ts";
import { type Claims, signIn } from "../../local/users.ts";
import { buildTestBundles } from "./test-bundles.ts";
import { startYouTubeServer, type YouTubeServer } from "./youtube-server.ts";

/**
 * The local cloud that all tests of one run share, with the test job types; they keep apart by random users and ids.
 */
export type TestCloud = Addresses & {
  /** Answers the functions' calls of the YouTube Data API. */
  youtube: YouTubeServer;
  /** A fresh user, signed in at the Auth emulator; `token` is a real ID token of an hour. */
  newUser(prefix?: string, claims?: Claims): Promise<{ uid: string; token: string }>;
  /** The cloud itself: counters, process ids, killing a function. */
  local: LocalCloud;
};

let cloud: TestCloud | undefined;

/** The running cloud; throws outside a mocha run that requires this file. */
export function testCloud(): TestCloud {
  if (cloud === undefined) throw new Error("the test cloud is not running: use mocha --config .mocharc.cloud.json");
  return cloud;
}

/** Limits of `free` that no test reaches by chance; a test of a limit signs a user in with another tier. */
const RATES = {
  sendsPerMinute: 100_000,
  changesPerMinute: 100_000,
  erasuresPerHour: 1000,
  requestsPerMinute: 1_000_000,
};
const TIERS = {
  free: { jobsPerMinute: 100_000, jobsPerDay: 1_000_000, activeJobs: 1000, ...RATES },
  tiny: { jobsPerMinute: 5, jobsPerDay: 1000, sendsPerMinute: 2 },
  narrow: { jobsPerMinute: 1000, activeJobs: 1 },
};

/** Lines the cloud printed, kept for a start that fails. */
const KEPT_LINES = 200;

/** Starts the cloud once, before all tests. `BATON_TEST_LOG=1` prints what its parts print. */
export async function mochaGlobalSetup(): Promise<void> {
  // The tests' own Google clients would look for a metadata server of the cloud.
  process.env.METADATA_SERVER_DETECTION = "none";
  const lines: string[] = [];
  const youtube = await startYouTubeServer();
  try {
    const local = await startLocalCloud({
      ports: "auto",
      codebases: await buildTestBundles(),
      retryMinMs: 100,
      retryMaxMs: 2_000,
      scheduledMinuteMs: 2_000,
      webhookPorts: "any",
      // Of 25 seconds a worker has 22.5 for its handlers: enough, on a busy machine too, for every job but those of many steps.
      env: {
        LEASE_MS: "5000",
        WORKER_TIMEOUT_MS: "25000",
        YOUTUBE_API_BASE_URL: youtube.baseUrl,
        TIERS: JSON.stringify(TIERS),
        NETWORK_REQUESTS_PER_MINUTE: "1000000",
        EVENT_TYPES: "job.queued,job.started,job.completed,job.failed,job.cancelled",
      },
      secrets: { YOUTUBE_API_KEY: "test-youtube-key" },
      log: (source, line) => {
        lines.push(`${source} | ${line}`);
        if (lines.length > KEPT_LINES) lines.shift();
        if (process.env.BATON_TEST_LOG) console.error(`${source} | ${line}`);
      },
    });
    cloud = { ...local.addresses, youtube, local, newUser: (prefix, claims) => newUser(local, prefix, claims) };
  } catch (error) {
    console.error(lines.join("\n"));
    await youtube.stop();
    throw error;
  }
}

/** Stops the cloud after all tests, and fails when it left a process behind. */
export async function mochaGlobalTeardown(): Promise<void> {
  if (cloud === undefined) return;
  const { local, youtube } = cloud;
  const pids = local.childPids();
  await Promise.all([local.stop(), youtube.stop()]);
  assert.deepEqual(pids.filter(isAlive), [], "processes outlived the local cloud");
}

async function newUser(local: LocalCloud, prefix = "user", claims: Claims = {}) {
  const uid = `${prefix}-${randomUUID()}`;
  return { uid, token: await signIn(local.addresses.authHost, uid, claims) };
}
