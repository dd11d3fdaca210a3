import assert from "node:assert/strict";
import { useFakeTimers } from "sinon";
import { limitedLog } from "../../../local/limited-log.ts";

describe("the log of the emulators", () => {
  it("prints 20 lines of a flood in ten seconds, and then how many there were", () => {
    const clock = useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const lines: string[] = [];
      const log = limitedLog((source, line) => lines.push(`${source} ${line}`), "npm start --");
      for (let n = 1; n <= 59_000; n++) log("firestore", `WARNING ${n}`);
      log("pubsub", "alone");
      assert.deepEqual(
        [lines.length, lines[0], lines[19], lines[20]],
        [21, "firestore WARNING 1", "firestore WARNING 20", "pubsub alone"],
      );
      clock.tick(10_000);
      assert.deepEqual(lines.slice(21), [
        "firestore ... and 58980 more lines like these; npm start -- --verbose prints them all",
      ]);
      log("firestore", "again");
      assert.equal(lines.at(-1), "firestore again");
    } finally {
      clock.restore();
    }
  });

  it("is the only one that is shortened: a function's lines are its author's", () => {
    let count = 0;
    const log = limitedLog(() => {
      count += 1;
    }, "npm start --");
    for (let n = 0; n < 1000; n++) log("worker", "line");
    assert.equal(count, 1000);
  });
});
