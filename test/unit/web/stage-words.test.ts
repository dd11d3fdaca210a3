import assert from "node:assert/strict";
import { STAGE_FACTS } from "../../../functions/src/jobs/pipeline-run/presets/stage-facts.ts";
import { stepIndex } from "../../../web/src/console/job-words.ts";
import { STATE_STEPS } from "../../../web/src/job-views/pipeline-run/stage-words.ts";

/** What the console says about a job of `pipeline.run` in this step: the state, and what the job does. */
function wordsOf(step: string) {
  const words = STATE_STEPS[stepIndex(STATE_STEPS, step)];
  const doing = words?.doing ?? "";
  return [words?.label, typeof doing === "string" ? doing : doing(step)];
}

describe("the words for the stages of a pipeline", () => {
  it("name the state, and say what the stage does", () => {
    assert.deepEqual(wordsOf("generating: video"), ["Generation", "Making the video"]);
    assert.deepEqual(wordsOf("creating: music"), ["Creation", "Composing the music"]);
  });

  it("know every state and stage of the job type", () => {
    for (const [stage, { state }] of Object.entries(STAGE_FACTS)) {
      const [label, doing = ""] = wordsOf(`${state}: ${stage}`);
      assert.ok(label !== undefined && !doing.includes(":"), `${state}: ${stage}`);
    }
  });

  it("show a stage of a newer server as it is", () => {
    assert.deepEqual(wordsOf("generating: dubbing"), ["Generation", "generating: dubbing"]);
    assert.deepEqual(wordsOf("dreaming: dubbing"), [undefined, ""]);
  });
});
