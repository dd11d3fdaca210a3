import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { LifecycleEvent } from "@baton/protocol";
import { type PubsubRest, pubsubRest } from "../../local/bridge/pubsub-rest.ts";
import { testCloud } from "../support/cloud.ts";
import { waitFor } from "../support/wait-for.ts";

describe("topic baton-events", () => {
  const subscription = `events-${randomUUID()}`;
  let pubsub: PubsubRest;
  const received: { attributes: Record<string, string>; orderingKey: string | undefined; event: LifecycleEvent }[] = [];
  before(async () => {
    const { pubsubHost, projectId } = testCloud();
    pubsub = pubsubRest(pubsubHost, projectId);
    await pubsub.createSubscription(subscription, "baton-events", 60);
  });

  /** The events of a job so far, each once, in the order they came in. */
  async function eventsOf(jobId: string) {
    const pulled = await pubsub.pull(subscription, 1000, AbortSignal.timeout(2000)).catch(() => []);
    for (const { message } of pulled) {
      const event = LifecycleEvent.parse(JSON.parse(Buffer.from(message.data ?? "", "base64").toString()));
      if (received.some((one) => one.event.eventId === event.eventId)) continue;
      received.push({ attributes: message.attributes ?? {}, orderingKey: message.orderingKey, event });
    }
    const ackIds = pulled.map(({ ackId }) => ackId);
    if (ackIds.length > 0) await pubsub.acknowledge(subscription, ackIds);
    return received.filter(({ event }) => event.data.jobId === jobId);
  }

  it("tells of a job from the queue to its end", async () => {
    const { uid, token } = await testCloud().newUser("events");
    const answer = await fetch(`${testCloud().apiUrl}/v1/jobs`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ type: "test.echo", input: "hello", tags: ["a"] }),
    });
    const { jobId } = await answer.json();
    const events = await waitFor("the end", async () => {
      const events = await eventsOf(jobId);
      return events.some(({ event }) => event.type === "job.completed") && events.length >= 3 && events;
    });
    assert.deepEqual(events.map(({ event }) => event.type).sort(), ["job.completed", "job.queued", "job.started"]);
    for (const { attributes, orderingKey, event } of events) {
      const { eventId, type } = event;
      assert.deepEqual(attributes, { eventId, type, jobType: "test.echo", owner: uid });
      assert.deepEqual([orderingKey, event.data.tags], [jobId, ["a"]]);
      assert.equal(JSON.stringify(event).includes("hello"), false);
    }
  });
});
