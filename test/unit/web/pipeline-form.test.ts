import assert from "node:assert/strict";
import { BatonError } from "@baton/client";
import { bodyIssues } from "../../../engine/src/kit/issues.ts";
import { PRESETS, presetView } from "../../../functions/src/jobs/pipeline-run/presets/index.ts";
import { pipelineInput } from "../../../functions/src/jobs/pipeline-run/schemas.ts";
import {
  EMPTY_FORM,
  formErrorsOf,
  optionsOf,
  type PipelineForm,
  requestOf,
  validate,
} from "../../../web/src/job-views/pipeline-run/pipeline-form.ts";
import { estimateOf, partsOf, presetsIn } from "../../../web/src/job-views/pipeline-run/presets.ts";

const Input = pipelineInput(PRESETS);
const FILLED: PipelineForm = { ...EMPTY_FORM, preset: "quick-social", content: " Fresh coffee.\n" };

/** The errors that the form shows for what the API answers to it. */
function errorsAfterSending(form: PipelineForm) {
  const { error } = Input.safeParse(requestOf(form));
  const errors = bodyIssues(error?.issues ?? [], "/input");
  return formErrorsOf(new BatonError("invalid-request", "Invalid.", { errors }));
}

describe("the form of a preset", () => {
  it("sends an input that the job type takes, without the fields that say nothing", () => {
    const request = requestOf(FILLED);
    assert.deepEqual(request, { content: "Fresh coffee.", preset: "quick-social", metadata: { language: "en" } });
    assert.equal(Input.safeParse(request).success, true);
  });

  it("sends title, author and further fields as metadata", () => {
    const facts = {
      title: " Coffee ",
      author: "Oslo Roasters",
      fields: "campaign: spring\n\n site : https://a.example",
    };
    assert.deepEqual(Input.parse(requestOf({ ...FILLED, ...facts, language: "nb" })).metadata, {
      title: "Coffee",
      author: "Oslo Roasters",
      language: "nb",
      campaign: "spring",
      site: "https://a.example",
    });
  });

  it("asks for a preset, for a text, and for whole and different lines of further fields", () => {
    assert.deepEqual(validate(EMPTY_FORM), { preset: "Choose a preset." });
    assert.deepEqual(validate({ ...FILLED, content: " \n" }), { content: "Give the text that is said and shown." });
    assert.deepEqual(validate({ ...FILLED, fields: "campaign" }), {
      fields: 'Write "name: value" on each line, not "campaign".',
    });
    assert.deepEqual(validate({ ...FILLED, fields: "a: 1\na: 2" }), { fields: 'There are two lines for "a".' });
    assert.deepEqual(validate({ ...FILLED, fields: "title: x" }), { fields: "Give the title in its own field." });
    assert.deepEqual(validate(FILLED), {});
  });

  it("names the job by its title, else by the beginning of its text", () => {
    assert.deepEqual(optionsOf({ ...FILLED, title: "Coffee" }), { metadata: { title: "Coffee" } });
    assert.deepEqual(optionsOf({ ...FILLED, content: "Fresh\ncoffee." }), { metadata: { title: "Fresh coffee." } });
    const { metadata } = optionsOf({ ...FILLED, content: "Fresh coffee from the hills. ".repeat(4) });
    assert.equal(metadata?.title, "Fresh coffee from the hills. Fresh coffee from the hills. Fresh coffee from the…");
  });

  const refused: [what: string, form: Partial<PipelineForm>, field: keyof PipelineForm, message: RegExp][] = [
    ["a preset that there is not", { preset: "cinema" }, "preset", /presets: quick-social, brand-campaign, premium$/],
    ["a text above the preset's limit", { content: "Buy. ".repeat(1001) }, "content", /the most for quick-social/],
    ["a text above every limit", { content: "a".repeat(20_001) }, "content", /20000/],
    ["a control character in the text", { content: "Coffee\u0000 for all." }, "content", /has control characters/],
    ["a mark that turns the reading direction", { content: "Cof\u202Efee" }, "content", /has control characters/],
    ["a huge title", { title: "Coffee ".repeat(30) }, "title", /120/],
    ["a control character in the title", { title: "Cof\u0007fee" }, "title", /control/],
    ["a huge author", { author: "O".repeat(81) }, "author", /80/],
    ["a language that there is not", { language: "tlh" as never }, "language", /./],
    ["a huge field of metadata", { fields: `campaign: ${"x".repeat(501)}` }, "fields", /^campaign: /],
    [
      "too many fields of metadata",
      { fields: Array.from({ length: 21 }, (_, n) => `field${n}: 1`).join("\n") },
      "fields",
      /more than 20 fields/,
    ],
  ];
  for (const [what, change, field, message] of refused) {
    it(`shows what the API says at its field: ${what}`, () => {
      const errors = errorsAfterSending({ ...FILLED, ...change });
      assert.deepEqual(Object.keys(errors), [field]);
      assert.match(errors[field] ?? "", message);
    });
  }

  it("shows a refused webhook at its field, and nothing at a field for what no field is to blame", () => {
    const errors = [
      { pointer: "/webhookUrl", message: "is refused" },
      { pointer: "/input", message: "is unknown" },
    ];
    assert.deepEqual(formErrorsOf(new BatonError("invalid-request", "Invalid.", { errors })), {
      webhookUrl: "is refused",
    });
  });
});

describe("the choice of a preset", () => {
  it("offers the presets of the catalog with their parts and their time", () => {
    const entries = PRESETS.map((preset) => ({ ...presetView(preset), type: "pipeline.run" }));
    assert.deepEqual(
      presetsIn(entries).map((preset) => [preset.name, ...partsOf(preset)]),
      [
        ["quick-social", "720×1280", "up to 15 s", "captions in the picture"],
        ["brand-campaign", "1280×720", "30 s", "captions in the picture", "music"],
        ["premium", "1920×1080", "60 s", "music", "subtitles", "storyboard", "thumbnail"],
      ],
    );
  });

  it("offers no preset of another job type, and none that it cannot read", () => {
    const [preset] = PRESETS.map(presetView);
    assert.deepEqual(
      presetsIn([
        { ...preset, type: "print.book" },
        { type: "pipeline.run", name: "new" },
      ]),
      [],
    );
  });

  it("gives a long time in minutes", () => {
    const [preset] = presetsIn(PRESETS.map((each) => ({ ...presetView(each), type: "pipeline.run" })));
    assert.ok(preset);
    assert.equal(estimateOf({ ...preset, estimateSeconds: 29 }), "about 29 s");
    assert.equal(estimateOf({ ...preset, estimateSeconds: 115 }), "about 2 min");
  });
});
