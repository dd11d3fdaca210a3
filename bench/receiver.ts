import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";

/** A webhook that reached the receiver. */
const Arrival = z.object({
  path: z.string(),
  webhookId: z.string(),
  /** Absent for events about endpoints. */
  jobId: z.string().optional(),
  /** From the event to the last byte of its POST. */
  latencyMs: z.number(),
});
export type Arrival = z.infer<typeof Arrival>;

/** A message of the receiver's process. */
const FromReceiver = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listening"), url: z.string() }),
  z.object({ kind: z.literal("arrivals"), arrivals: z.array(Arrival) }),
]);
export type FromReceiver = z.infer<typeof FromReceiver>;

/**
 * A subscriber in a process of its own: 204 at once, but nothing ever at `/hanging` and a broken connection at
 * `/resetting`.
 */
export interface Receiver {
  /** Without a trailing slash. */
  url: string;
  /** The requests since the last call, on any path. */
  take(): Promise<Arrival[]>;
  stop(): Promise<void>;
}

/** Starts the receiver on a free port of loopback. One call of `take` at a time. */
export async function startReceiver(): Promise<Receiver> {
  const child = fork(join(import.meta.dirname, "receiver-process.ts"));
  const next = async (): Promise<FromReceiver> => FromReceiver.parse((await once(child, "message"))[0]);
  const first = await next();
  if (first.kind !== "listening") throw new Error("the receiver did not start");
  return {
    url: first.url,
    async take() {
      const answer = next();
      child.send("take");
      const message = await answer;
      return message.kind === "arrivals" ? message.arrivals : [];
    },
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
