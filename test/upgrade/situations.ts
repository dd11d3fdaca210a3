import { createBatonClient, type JobView } from "@baton/client";
import type { JsonValue } from "@baton/protocol";
import type { LocalCloud } from "../../local/cloud.ts";
import { signIn } from "../../local/users.ts";
import type { EngineJobs } from "../support/job-types/engine.ts";
import { waitFor } from "../support/wait-for.ts";
import type { ReleaseState } from "./release-state.ts";

type Types = EngineJobs & {
  "test.echo": { input: JsonValue; output: JsonValue };
  "test.cached": { input: { text: string; ms: number }; output: { run: string } };
};
type Client = ReturnType<typeof createBatonClient<Types>>;

const HOUR_MS = 3_600_000;

/** Begins the keys of jobs that leave traces. */
export const KEY = "upgrade";

/**
 * Brings jobs into every situation that lasts, and stops the functions one after the other, so that all of them stay
 * there. Answers the jobs.
 */
export async function makeSituations(cloud: LocalCloud, receiverUrl: string): Promise<ReleaseState["jobs"]> {
  const stop = (...names: string[]) => {
    for (const name of names) cloud.killFunction(`baton-${name}`, "SIGSTOP");
  };
  const ada = await clientOf(cloud, "ada");
  const bob = await clientOf(cloud, "bob", { batonTier: "narrow" });
  stop("notify", "deliver", "sweep", "bury");
  const waiting = await makeWaiting(ada, receiverUrl);
  const running = await makeRunning(ada, bob);
  stop("worker");
  await ada.cancel(running.cancelled);
  const { jobId: accepted } = await ada.submit("test.echo", "accepted");
  stop("wake", "api");
  const ends = Object.entries({ ...waiting, ...running, accepted });
  return Object.fromEntries(
    ends.map(([situation, jobId]) => [
      jobId,
      { situation, ends: situation === "cancelled" ? ("cancelled" as const) : ("completed" as const) },
    ]),
  );
}

async function clientOf({ addresses }: LocalCloud, user: string, claims = {}): Promise<Client> {
  const token = await signIn(addresses.authHost, user, claims);
  return createBatonClient<Types>({ apiUrl: addresses.apiUrl, getToken: async () => token });
}

/** Jobs that wait for an hour, or for their turn, and one that is final and not announced. */
async function makeWaiting(client: Client, receiverUrl: string) {
  const key = `${KEY}-waiting`;
  const asleep = { key, sleepMs: HOUR_MS };
  const orderingKey = "lane";
  const { jobId: sleeping } = await client.submit("engine.sleeping", asleep);
  const { jobId: retrying } = await client.submit("engine.retry-after", { key, afterMs: HOUR_MS });
  const { jobId: laneFirst } = await client.submit("engine.sleeping", asleep, { orderingKey });
  const { jobId: laneSecond } = await client.submit("test.echo", "second", { orderingKey });
  const { jobId: timed } = await client.submit("test.echo", "timed", { runAt: new Date(Date.now() + HOUR_MS) });
  const { jobId: unannounced } = await client.submit("test.echo", "told", { webhookUrl: `${receiverUrl}/told` });
  const waitFors = { sleeping, retrying, laneFirst, timed };
  for (const jobId of Object.values(waitFors)) await untilJob(client, jobId, (job) => job.waitingFor === "time");
  await untilJob(client, laneSecond, (job) => job.waitingFor === "lane");
  await untilJob(client, unannounced, (job) => job.status === "completed");
  return { ...waitFors, laneSecond, unannounced };
}

/** Jobs that run now: between two steps, with a cache and a follower, in the only slot, and one that is to be cancelled. */
async function makeRunning(ada: Client, bob: Client) {
  const stepped = (key: string) => ({ key, steps: 2, stepMs: 10_000 });
  const { jobId: running } = await ada.submit("engine.stepped", stepped(`${KEY}-running`));
  const { jobId: slotHolder } = await bob.submit("engine.stepped", stepped(`${KEY}-slot`));
  const { jobId: slotWaiter } = await bob.submit("test.echo", "slot");
  await untilJob(bob, slotWaiter, (job) => job.waitingFor === "slot");
  const { jobId: napping } = await ada.submit("engine.sleeping", { key: `${KEY}-nap`, sleepMs: 45_000 });
  await untilJob(ada, running, (job) => job.progress === 0.5);
  const { jobId: cancelled } = await ada.submit("engine.cleaning", { key: `${KEY}-cancelled` });
  await untilJob(ada, cancelled, (job) => job.status === "processing");
  const shared = { text: "shared", ms: 5000 };
  const { jobId: leader } = await ada.submit("test.cached", shared);
  const { jobId: follower } = await ada.submit("test.cached", shared);
  await untilJob(ada, leader, (job) => job.status === "processing");
  await untilJob(ada, follower, (job) => job.waitingFor === "result");
  return { running, slotHolder, slotWaiter, napping, cancelled, leader, follower };
}

function untilJob(client: Client, jobId: string, isThere: (job: JobView) => boolean): Promise<true> {
  return waitFor(`job ${jobId} to be there`, async () => isThere(await client.job(jobId)));
}
