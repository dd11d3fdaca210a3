import assert from "node:assert/strict";
import sinon from "sinon";
import type { BridgeEvent, Deliverer } from "../../../local/bridge/delivery.ts";
import type { PubsubRest, PulledMessage } from "../../../local/bridge/pubsub-rest.ts";
import { startPubsubSource } from "../../../local/bridge/pubsub-source.ts";
import { waitFor } from "../../support/wait-for.ts";

const ROUTE = { projectId: "p", topic: "baton-jobs-default", subscription: "s" };

function messageWith(ackId: string, messageId: string): PulledMessage {
  return { ackId, message: { messageId, publishTime: "2026-01-01T00:00:00Z" } };
}

/** A source that pulls what `emit` is given, and keeps what it hands over. */
function startSource() {
  const events: BridgeEvent[] = [];
  const acknowledge = sinon.fake.resolves(undefined);
  let answerPull: (messages: PulledMessage[]) => void = () => {};
  const pubsub: PubsubRest = {
    createTopic: async () => {},
    deleteSubscription: async () => {},
    createSubscription: async () => {},
    acknowledge,
    extend: async () => {},
    publish: async () => {},
    pull: (_subscription, _max, signal) =>
      new Promise((resolve, reject) => {
        answerPull = resolve;
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  };
  const deliverer: Pick<Deliverer, "accept"> = { accept: (event) => void events.push(event) };
  const source = startPubsubSource({ pubsub, route: ROUTE, deliverer, log: () => {} });
  return { source, events, acknowledge, emit: (message: PulledMessage) => answerPull([message]) };
}

describe("a subscription that the bridge pulls", () => {
  it("sees every message that is settled", async () => {
    const { source, events, acknowledge, emit } = startSource();
    emit(messageWith("s:1", "1"));
    await waitFor("the event", async () => events.length === 1);
    assert.equal(acknowledge.called, false);
    events[0]?.settled("delivered", 1);
    await waitFor("the acknowledgement", async () => acknowledge.called);
    assert.deepEqual(acknowledge.args, [["s", ["s:1"]]]);
    await source.stop();
  });

  it("is not told of messages of an emulator that is gone, whose ids the next one uses again", async () => {
    const { source, events, acknowledge, emit } = startSource();
    emit(messageWith("s:1", "1"));
    await waitFor("the old event", async () => events.length === 1);
    source.forget();
    emit(messageWith("s:1", "1"));
    await waitFor("the new event", async () => events.length === 2);
    events[0]?.settled("delivered", 1);
    await source.stop();
    assert.deepEqual(acknowledge.args, []);
  });

  it("is not told of messages that were settled right before their emulator went", async () => {
    const { source, events, acknowledge, emit } = startSource();
    emit(messageWith("s:1", "1"));
    await waitFor("the event", async () => events.length === 1);
    events[0]?.settled("delivered", 1);
    source.forget();
    await source.stop();
    assert.deepEqual(acknowledge.args, []);
  });
});
