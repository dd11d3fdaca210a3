import assert from "node:assert/strict";
import sinon from "sinon";
import { handleDelivery } from "../../../engine/src/webhooks/deliver/handle-delivery.ts";
import { notifyResult } from "../../../engine/src/webhooks/deliver/notify-result.ts";
import { stopDeliveries } from "../../../engine/src/webhooks/endpoints/stop-deliveries.ts";
import type { DeliveryState } from "../../../engine/src/webhooks/rules/delivery.ts";
import { newDelivery, type Start } from "../../../engine/src/webhooks/rules/move-delivery.ts";
import { type Answers, aSender, BROKEN, ENDPOINT_SECRET, GONE, OK } from "./a-sender.ts";
import { aResult } from "./results.ts";
import { NOON, WANTED } from "./rules/deliveries.ts";
import { anEndpoint } from "./rules/endpoints.ts";

const ENDPOINT_ID = "endpointendpointendp";
const URL = anEndpoint().url;

/** A sender whose one endpoint, alice's, answers as `answers` say. */
function setup(given: Parameters<typeof anEndpoint>[0] = {}, answers: Answers = [OK]) {
  const sender = aSender({ [URL]: answers });
  const { endpoints, deliveries, publisher, clock } = sender.ports;
  endpoints.put(anEndpoint({ endpointId: ENDPOINT_ID, ...given }), [ENDPOINT_SECRET]);
  const put = (number: number, start: Start) => {
    const deliveryId = `msg_${String(number).padStart(32, "0")}`;
    deliveries.put(newDelivery({ ...WANTED, deliveryId, endpointId: ENDPOINT_ID }, start, NOON));
  };
  const count = (state: DeliveryState) => deliveries.all().filter((delivery) => delivery.state === state).length;
  const handle = () =>
    clock.runUntil(handleDelivery(sender.ports, { messageId: "1", attributes: { endpointId: ENDPOINT_ID } }));
  const deleteEndpoint = async () => {
    await endpoints.delete(ENDPOINT_ID);
    await stopDeliveries({ deliveries, publisher, clock }, ENDPOINT_ID, {
      action: "cancel",
      states: ["pending", "sending", "held"],
    });
  };
  return { ...sender, put, count, handle, deleteEndpoint };
}

const PENDING: Start = { state: "pending", nextAttemptAt: NOON };
const disabled = (reason: "owner" | "gone" | "failing") => ({ disabled: { reason, at: NOON } });

describe("a message of an endpoint", () => {
  it("cancels the deliveries of a deleted endpoint, a page a message, until none is left", async () => {
    const { put, count, handle, ports } = setup();
    for (let i = 0; i < 100; i++) put(i, PENDING);
    for (let i = 100; i < 150; i++) put(i, { state: "sending" });
    for (let i = 150; i < 230; i++) put(i, { state: "held" });
    await ports.endpoints.delete(ENDPOINT_ID);
    await handle();
    await handle();
    assert.deepEqual([count("cancelled"), ports.publisher.publishDelivery.callCount], [200, 2]);
    await handle();
    assert.deepEqual([count("cancelled"), ports.publisher.publishDelivery.callCount], [230, 2]);
  });

  const cases: [string, Parameters<typeof anEndpoint>[0], DeliveryState[]][] = [
    ["holds pending and sending deliveries when the owner disabled it", disabled("owner"), ["held", "held", "held"]],
    ["holds pending and sending deliveries when failures disabled it", disabled("failing"), ["held", "held", "held"]],
    [
      "cancels pending and sending deliveries when it answered 410",
      disabled("gone"),
      ["cancelled", "cancelled", "held"],
    ],
    ["changes nothing when it was enabled again", {}, ["pending", "sending", "held"]],
  ];
  for (const [title, endpoint, states] of cases) {
    it(title, async () => {
      const { put, handle, ports } = setup(endpoint);
      put(1, PENDING);
      put(2, { state: "sending" });
      put(3, { state: "held" });
      await handle();
      const byId = ports.deliveries.all().sort((one, other) => (one.deliveryId < other.deliveryId ? -1 : 1));
      assert.deepEqual(
        byId.map(({ state }) => state),
        states,
      );
    });
  }

  it("comes again when the store is unreachable", async () => {
    const { ports } = setup(disabled("owner"));
    const listIds = sinon.fake.rejects(new Error("store unreachable"));
    const unreachable = { ...ports, deliveries: { ...ports.deliveries, listIds } };
    const message = { messageId: "1", attributes: { endpointId: ENDPOINT_ID } };
    await assert.rejects(handleDelivery(unreachable, message), /store unreachable/);
  });
});

describe("a delivery whose endpoint is deleted", () => {
  it("while its attempt is under way is cancelled when the attempt fails", async () => {
    const { ports, clock, deleteEndpoint, deliveryTo } = setup({}, async () => {
      await deleteEndpoint();
      return BROKEN;
    });
    await clock.runUntil(notifyResult(ports, aResult()));
    const delivery = deliveryTo(ENDPOINT_ID);
    assert.deepEqual([delivery?.state, delivery?.last?.status], ["cancelled", 500]);
  });

  it("while its attempt is under way has succeeded when the attempt succeeds", async () => {
    const { ports, clock, deleteEndpoint, deliveryTo } = setup({}, async () => {
      await deleteEndpoint();
      return OK;
    });
    await clock.runUntil(notifyResult(ports, aResult()));
    assert.equal(deliveryTo(ENDPOINT_ID)?.state, "succeeded");
  });

  const late: [string, Parameters<typeof anEndpoint>[0]][] = [
    ["is made for an endpoint that works", {}],
    ["is held for a disabled one", disabled("owner")],
    [
      "waits for a paused one",
      { health: { failures: 9, alertedPercent: 0, pausedUntil: new Date(NOON.getTime() + 60_000) } },
    ],
  ];
  for (const [title, endpoint] of late) {
    it(`before it is stored is cancelled, though it ${title}`, async () => {
      const { ports, clock, deleteEndpoint, deliveryTo } = setup(endpoint, [BROKEN]);
      const createAll: typeof ports.deliveries.createAll = async (wanted, settles) => {
        await deleteEndpoint();
        return ports.deliveries.createAll(wanted, settles);
      };
      await clock.runUntil(notifyResult({ ...ports, deliveries: { ...ports.deliveries, createAll } }, aResult()));
      assert.equal(deliveryTo(ENDPOINT_ID)?.state, "cancelled");
    });
  }
});

describe("an endpoint that answers 410", () => {
  it("has a page of its deliveries cancelled at once, and the rest by a message", async () => {
    const { ports, put, clock, count } = setup({}, [GONE]);
    for (let i = 0; i < 120; i++) put(i, PENDING);
    await clock.runUntil(notifyResult(ports, aResult()));
    assert.equal(count("cancelled"), 101);
    assert.deepEqual(ports.publisher.publishDelivery.args, [[{ endpointId: ENDPOINT_ID }]]);
  });
});
