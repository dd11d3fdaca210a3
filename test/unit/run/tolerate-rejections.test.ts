import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import sinon from "sinon";
import { handlerEnded, isLateCall } from "../../../engine/src/jobs/run/late-calls.ts";
import { tolerateRejections } from "../../../engine/src/jobs/run/tolerate-rejections.ts";

describe("a rejection that no code handles", () => {
  it("is kept from the platform when it is of a late call, and told when it is not", () => {
    const [process, end] = [new EventEmitter(), sinon.fake()];
    process.on("unhandledRejection", end);
    tolerateRejections(process, isLateCall);
    const [promise, boom] = [Promise.resolve(), new Error("boom")];
    process.emit("unhandledRejection", handlerEnded("Step"), promise);
    process.emit("unhandledRejection", boom, promise);
    assert.deepEqual(end.args, [[boom, promise]]);
  });

  it("ends a process without listeners, as in Node itself", () => {
    const process = new EventEmitter();
    tolerateRejections(process, isLateCall);
    process.emit("unhandledRejection", handlerEnded("Step"));
    assert.throws(() => process.emit("unhandledRejection", new Error("boom")), /boom/);
  });
});
