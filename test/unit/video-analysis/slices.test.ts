import assert from "node:assert/strict";
import { mapInSlices } from "../../../functions/src/jobs/video-analysis/slices.ts";

describe("mapInSlices", () => {
  it("maps in order, with the index of each", async () => {
    const items = Array.from({ length: 60 }, (_, at) => at);
    const mapped = await mapInSlices(items, new AbortController().signal, (item, index) => item * 100 + index);
    assert.deepEqual([mapped[0], mapped[25], mapped[59], mapped.length], [0, 2525, 5959, 60]);
  });

  it("lets other work have its turn in between", async () => {
    let turns = 0;
    const count = () => {
      turns += 1;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    await mapInSlices(Array.from({ length: 100 }), new AbortController().signal, () => 0);
    assert(turns >= 3);
  });

  it("stops with the reason of an abort that comes while it works", async () => {
    const stop = new AbortController();
    let done = 0;
    const work = mapInSlices(Array.from({ length: 100 }), stop.signal, () => {
      done += 1;
      if (done === 10) setImmediate(() => stop.abort(new Error("enough")));
    });
    await assert.rejects(work, /enough/);
    assert(done < 100);
  });
});
