import assert from "node:assert/strict";
import sinon from "sinon";
import { UnavailableError, withDeadline } from "../../../engine/src/kit/deadline.ts";

/** A port with a method of each kind, and a member that is none. */
function aPort() {
  return {
    region: "europe-west1",
    add: async (one: number, other: number) => one + other,
    addNow: (one: number, other: number) => one + other,
    fail: () => Promise.reject(new Error("10.0.0.8 is away")),
    hang: () => new Promise<never>(() => undefined),
  };
}

describe("withDeadline", () => {
  afterEach(() => sinon.restore());

  it("passes arguments and answers on", async () => {
    const port = withDeadline("the adder", 1000, aPort());
    assert.equal(await port.add(1, 2), 3);
    assert.equal(port.addNow(1, 2), 3);
    assert.equal(port.region, "europe-west1");
  });

  it("names the service when a call fails, and keeps the cause", async () => {
    const port = withDeadline("the adder", 1000, aPort());
    await assert.rejects(port.fail(), (error: unknown) => {
      assert.ok(error instanceof UnavailableError && error.cause instanceof Error);
      assert.deepEqual(
        [error.code, error.message, error.cause.message],
        ["unavailable", "the adder could not be reached", "10.0.0.8 is away"],
      );
      return true;
    });
  });

  it("gives up a call that does not answer in time, and not before", async () => {
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const settled = sinon.fake();
    const call = withDeadline("the adder", 1000, aPort()).hang().catch(settled);
    await clock.tickAsync(999);
    assert.equal(settled.callCount, 0);
    await clock.tickAsync(1);
    await call;
    assert.equal(settled.firstCall.args[0].cause.message, "no answer in 1000 ms");
  });

  it("keeps no timer of a call that has answered", async () => {
    const clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await withDeadline("the adder", 1000, aPort()).add(1, 2);
    assert.equal(clock.countTimers(), 0);
  });
});
