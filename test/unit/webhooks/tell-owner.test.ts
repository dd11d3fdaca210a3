import assert from "node:assert/strict";
import { EndpointEvent } from "@baton/protocol";
import sinon from "sinon";
import { notifyResult } from "../../../functions/src/webhooks/notify-result.ts";
import { tellOwner } from "../../../functions/src/webhooks/tell-owner.ts";
import { at, NOON } from "../core/webhooks/deliveries.ts";
import { anEndpoint } from "../core/webhooks/endpoints.ts";
import { aSender, BROKEN, ENDPOINT_SECRET, letPass } from "./a-sender.ts";
import { aResult } from "./results.ts";

const HOUR = 3_600_000;
const before = anEndpoint({ health: { failures: 8, failingSince: NOON, toldPercent: 0 } });
const endpoint = anEndpoint({ health: { failures: 9, failingSince: NOON, toldPercent: 50 } });

function setup() {
  const sender = aSender();
  sender.ports.endpoints.put(endpoint, [ENDPOINT_SECRET]);
  sender.ports.endpoints.put(anEndpoint({ endpointId: "other", url: "https://other.example.com/" }), [ENDPOINT_SECRET]);
  sender.ports.endpoints.put(anEndpoint({ endpointId: "jobs", events: ["job.failed"] }), [ENDPOINT_SECRET]);
  sender.ports.endpoints.put(anEndpoint({ endpointId: "bob", owner: "bob" }), [ENDPOINT_SECRET]);
  return sender;
}

describe("tellOwner", () => {
  it("keeps a notice, sends a mail, and tells the owner's other endpoints that want to know", async () => {
    const sender = setup();
    await tellOwner(sender.ports, { before, endpoint }, NOON);
    assert.deepEqual(
      sender.ports.notices.given.map(({ kind, percent }) => [kind, percent]),
      [["failing", 50]],
    );
    const [mail] = sender.ports.mail.send.firstCall.args;
    assert.deepEqual(
      [mail.messageId, mail.owner, mail.subject],
      ["endpoint1-failing-50-1767268800000", "alice", "A webhook endpoint is failing"],
    );
    await letPass(sender, 1000);
    assert.deepEqual(sender.urls(), ["https://other.example.com/"]);
    assert.deepEqual(EndpointEvent.parse(JSON.parse(sender.posted[0]?.body ?? "")), {
      type: "endpoint.failing",
      timestamp: "2026-01-01T12:00:00.000Z",
      data: {
        endpointId: "endpoint1",
        message: sender.ports.notices.given[0]?.message,
        percent: 50,
        failingSince: "2026-01-01T12:00:00.000Z",
      },
    });
  });

  it("tells the same thing once", async () => {
    const sender = setup();
    await tellOwner(sender.ports, { before, endpoint }, NOON);
    await tellOwner(sender.ports, { before, endpoint }, at(5));
    assert.equal(sender.ports.mail.send.callCount, 1);
    assert.equal(sender.ports.deliveries.all().length, 1);
  });

  it("goes on with the other ways when one fails", async () => {
    const sender = setup();
    const send = sinon.fake.rejects(new Error("no mail"));
    await tellOwner({ ...sender.ports, mail: { send } }, { before, endpoint }, NOON);
    assert.equal(sender.ports.deliveries.all().length, 1);
    const add = sinon.fake.rejects(new Error("no store"));
    await tellOwner({ ...sender.ports, notices: { add } }, { before, endpoint }, NOON);
    assert.equal(sender.ports.mail.send.callCount, 1);
    assert.equal(sender.log.error.callCount, 2);
  });

  it("sends no mail where there is none to send with", async () => {
    const { mail: _, ...ports } = setup().ports;
    await tellOwner(ports, { before, endpoint }, NOON);
    assert.equal(ports.notices.given.length, 1);
  });

  it("is asked at 50, 70, 90 and 100 % of five days of failures, after which events are held", async () => {
    const sender = aSender({ [endpoint.url]: [BROKEN] });
    sender.ports.endpoints.put(anEndpoint(), [ENDPOINT_SECRET]);
    for (let day = 0; day < 6; day++) {
      const result = aResult({ jobId: String(day).padStart(20, "d") });
      sender.keep(result);
      void notifyResult(sender.ports, result);
      await letPass(sender, 24 * HOUR);
    }
    assert.deepEqual(
      sender.ports.notices.given.map(({ kind, percent }) => [kind, percent]),
      [
        ["failing", 50],
        ["failing", 70],
        ["failing", 90],
        ["disabled", undefined],
      ],
    );
    assert.equal((await sender.ports.endpoints.read("endpoint1"))?.disabled?.reason, "failing");
    const states = new Set(sender.ports.deliveries.all().map(({ state }) => state));
    assert.deepEqual([...states].sort(), ["failed", "held"]);
  }).timeout(20_000);
});
