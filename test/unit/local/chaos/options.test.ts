import assert from "node:assert/strict";
import { parseChaos } from "../../../../local/chaos/options.ts";

describe("the list of faults", () => {
  it("sets what it names and leaves the rest off", () => {
    const list =
      "seed=42,duplicate=0.2,reorder=.25,delay=1,dropTrigger=0,fail=0.1,kill=3s,pauseFirestore=2m,restartPubsub=500ms,cutTime=0.05";
    assert.deepEqual(parseChaos(list), {
      chaos: {
        seed: 42,
        duplicate: 0.2,
        reorder: 0.25,
        delay: 1,
        dropTrigger: 0,
        fail: 0.1,
        killEveryMs: 3_000,
        pauseFirestoreEveryMs: 120_000,
        restartPubsubEveryMs: 500,
        cutTime: 0.05,
      },
    });
    assert.deepEqual(parseChaos(" kill = 1.5s "), { chaos: { killEveryMs: 1_500 } });
  });

  const names =
    "seed, duplicate, reorder, delay, dropTrigger, fail, cutTime, kill, freeze, pauseFirestore, restartPubsub";
  for (const [list, problem] of [
    ["", `there is no fault ""; give name=value with ${names}`],
    ["kil=3s", `there is no fault "kil"; give name=value with ${names}`],
    ["fail=0.1,", `there is no fault ""; give name=value with ${names}`],
    ["fail", '"" is no probability for fail (0 to 1, e.g. 0.2)'],
    ["fail=1.01", '"1.01" is no probability for fail (0 to 1, e.g. 0.2)'],
    ["fail=-0.1", '"-0.1" is no probability for fail (0 to 1, e.g. 0.2)'],
    ["fail=20%", '"20%" is no probability for fail (0 to 1, e.g. 0.2)'],
    ["kill=3", '"3" is no duration for kill (e.g. 500ms, 3s, 2m)'],
    ["kill=0s", '"0s" is no duration for kill (e.g. 500ms, 3s, 2m)'],
    ["kill=1h", '"1h" is no duration for kill (e.g. 500ms, 3s, 2m)'],
    ["kill=99999999s", '"99999999s" is no duration for kill (e.g. 500ms, 3s, 2m)'],
    ["seed=x", '"x" is no seed (a whole number from 0 to 9007199254740991)'],
    ["seed=9007199254740993", '"9007199254740993" is no seed (a whole number from 0 to 9007199254740991)'],
    ["fail=0.1,fail=0.2", "fail is given twice"],
    ["fail=0.1=0.2", '"fail=0.1=0.2" has more than one ='],
  ] as const) {
    it(`is refused as ${JSON.stringify(list)} in one clear line`, () => {
      assert.deepEqual(parseChaos(list), { problem });
    });
  }
});
