import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { pipelineRun } from "../../../functions/src/jobs/pipeline-run/pipeline-run.ts";
import { PRESETS, presetView } from "../../../functions/src/jobs/pipeline-run/presets/index.ts";
import { Preset } from "../../../functions/src/jobs/pipeline-run/presets/preset.ts";
import { SMALL } from "./a-pipeline.ts";

const FOLDER = new URL("../../../functions/src/jobs/pipeline-run/presets", import.meta.url);
const NO_PRESETS = ["index.ts", "preset.ts", "stage-facts.ts"];

describe("the presets of pipeline.run", () => {
  for (const preset of PRESETS) {
    it(`have valid data: ${preset.name}`, () => {
      assert.deepEqual(Preset.parse(preset), preset);
    });
  }

  it("are those that have a file", () => {
    const files = globSync("*.ts", { cwd: FOLDER.pathname }).filter((file) => !NO_PRESETS.includes(file));
    assert.deepEqual(files.sort(), PRESETS.map(({ name }) => `${name}.ts`).sort());
  });

  it("make what they are ordered to make", () => {
    const facts = PRESETS.map(({ name, frame, seconds, stages }) => [
      name,
      `${frame.width}x${frame.height}`,
      seconds.most,
      stages.map(({ stage }) => stage).join(" "),
    ]);
    assert.deepEqual(facts, [
      ["quick-social", "720x1280", 15, "analysis script narration sound video review delivery"],
      ["brand-campaign", "1280x720", 30, "analysis script music narration sound video review delivery"],
      [
        "premium",
        "1920x1080",
        60,
        "analysis script storyboard music narration sound subtitles video thumbnail review delivery",
      ],
    ]);
  });

  it("are shown with the state of each stage, and with the time of all of them", () => {
    const { estimateSeconds, stages } = presetView(SMALL);
    assert.equal(estimateSeconds, 7);
    assert.deepEqual(stages[1], {
      ...{ state: "creating", stage: "script", sceneSeconds: 3 },
      ...{ estimateSeconds: 1, limitSeconds: 60 },
    });
  });
});

describe("a preset", () => {
  const [analysis, script, narration, sound, video, review, delivery] = SMALL.stages;
  const wrong: [what: string, changed: object, message: RegExp][] = [
    ["without stages", { stages: [] }, /stages/],
    ["with a stage that there is not", { stages: [{ ...analysis, stage: "dubbing" }] }, /stages/],
    ["with an unknown parameter", { stages: [{ ...analysis, speed: 2 }, ...SMALL.stages.slice(1)] }, /speed/],
    ["with an odd frame", { frame: { width: 271, height: 480 } }, /width/],
    ["that lasts less than its least", { seconds: { least: 5, most: 4 } }, /is more than the most/],
    [
      "with an unknown mood of music",
      { stages: [analysis, script, { ...analysis, stage: "music", mood: "sad" }] },
      /mood/,
    ],
    ["whose video has no sound", { stages: [analysis, script, narration, video] }, /needs the stage sound before it/],
    ["with a stage twice", { stages: [analysis, analysis, ...SMALL.stages.slice(1)] }, /is there twice/],
    [
      "that goes back",
      { stages: [analysis, script, narration, { ...analysis, stage: "storyboard", columns: 2 }, sound] },
      /goes back/,
    ],
    ["that delivers nothing", { stages: [analysis, script, narration, sound, video, review] }, /end with delivery/],
    [
      "that reviews nothing",
      { stages: [analysis, script, narration, sound, video, delivery] },
      /needs the stage review/,
    ],
    [
      "that hopes for less time than it takes",
      { stages: [{ ...analysis, estimateSeconds: 61 }, ...SMALL.stages.slice(1)] },
      /is estimated above its limit/,
    ],
  ];
  it("that is wrong stops a deployment", () => {
    assert.throws(() => pipelineRun([{ ...SMALL, stages: [] }]), /end with delivery/);
  });

  for (const [what, changed, message] of wrong) {
    it(`is refused: one ${what}`, () => {
      assert.throws(() => Preset.parse({ ...SMALL, ...changed }), message);
    });
  }
});
