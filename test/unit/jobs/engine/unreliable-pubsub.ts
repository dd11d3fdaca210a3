import type { PubSubMode } from "./script.ts";

/** A Pub/Sub that works, fails, loses or duplicates, as its mode says. What it took stays until it is taken out. */
export function unreliablePubSub() {
  const messages: string[] = [];
  const wakes: { jobId: string; at: number }[] = [];
  let mode: PubSubMode = "works";

  async function publish(send: () => void) {
    if (mode === "fails") throw new Error("Pub/Sub cannot be reached");
    if (mode !== "loses") send();
    if (mode === "duplicates") send();
    if (mode === "unsure") throw new Error("the answer of Pub/Sub was lost");
  }

  return {
    /** The ids of the jobs whose messages wait for a worker. */
    messages,
    publisher: {
      publishJob: (_: string, { jobId }: { jobId: string }) => publish(() => messages.push(jobId)),
      publishWake: ({ jobId, at }: { jobId: string; at: string }) =>
        publish(() => wakes.push({ jobId, at: Date.parse(at) })),
      publishDeadLetter: async () => undefined,
    },
    setMode(next: PubSubMode) {
      mode = next;
    },
    /** Takes out the message at `pick`, or gives it once more. */
    take(pick: number, isRepeated: boolean): string | undefined {
      if (isRepeated) return messages[pick % messages.length];
      return messages.splice(pick % messages.length, 1)[0];
    },
    /** Takes out the wakes whose time has come, and gives their jobs. */
    takeDueWakes(now: Date): string[] {
      const nowMs = now.getTime();
      const due = wakes.filter(({ at }) => at <= nowMs);
      wakes.splice(0, wakes.length, ...wakes.filter(({ at }) => at > nowMs));
      return due.map(({ jobId }) => jobId);
    },
    loseAll() {
      messages.splice(0);
      wakes.splice(0);
    },
  };
}
