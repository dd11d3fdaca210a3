import assert from "node:assert/strict";
import sinon from "sinon";
import { BatonError } from "../../../client/src/errors.ts";
import { retrying } from "../../../client/src/retry.ts";

describe("retrying", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    clock.restore();
    sinon.restore();
  });

  const away = new BatonError("network", "away");

  it("waits half a second, one, and two between its tries", async () => {
    sinon.stub(Math, "random").returns(0);
    const send = sinon.fake.rejects(away);
    const ended = assert.rejects(retrying(send), away);
    const tries: number[] = [];
    for (const ms of [499, 1, 999, 1, 1999, 1, 10_000]) {
      await clock.tickAsync(ms);
      tries.push(send.callCount);
    }
    assert.deepEqual(tries, [1, 2, 2, 3, 3, 4, 4]);
    await ended;
  });

  it("waits up to half as long at random", async () => {
    sinon.stub(Math, "random").returns(1);
    const send = sinon.fake.rejects(away);
    void retrying(send).catch(() => undefined);
    await clock.tickAsync(250);
    assert.equal(send.callCount, 2);
  });

  it("waits as long as the API asks, up to 10 s", async () => {
    const busy = new BatonError("quota-exceeded", "later", { status: 429, retryAfterMs: 10_000 });
    const send = sinon.stub().onFirstCall().rejects(busy).resolves("done");
    const sent = retrying(send);
    await clock.tickAsync(9_999);
    assert.equal(send.callCount, 1);
    await clock.tickAsync(1);
    assert.equal(await sent, "done");
  });

  it("leaves no timer behind when it is aborted", async () => {
    const calledOff = new AbortController();
    const sent = retrying(sinon.fake.rejects(away), calledOff.signal);
    const ended = assert.rejects(sent, (error) => error instanceof BatonError && error.code === "aborted");
    await clock.tickAsync(1);
    calledOff.abort();
    await ended;
    assert.equal(clock.countTimers(), 0);
  });

  it("does not repeat what failed for another reason", async () => {
    const send = sinon.fake.rejects(new TypeError("a defect"));
    await assert.rejects(retrying(send), TypeError);
    assert.equal(send.callCount, 1);
  });
});
