import assert from "node:assert/strict";
import { BatonError } from "@baton/client";
import { ContentInput } from "../../../functions/src/jobs/content-generate/schemas.ts";
import { LANGUAGE_CODES } from "../../../functions/src/media/languages.ts";
import {
  EMPTY_FORM,
  FORMATS,
  formErrorsOf,
  optionsOf,
  requestOf,
  validate,
} from "../../../web/src/job-views/content-generate/content-form.ts";
import { LANGUAGES } from "../../../web/src/job-views/media/languages.ts";

const QUERY = "How do bees fly?";

describe("the form of a video", () => {
  it("sends an input that the job type takes, without the fields that say nothing", () => {
    const request = requestOf({ ...EMPTY_FORM, query: ` ${QUERY} `, documents: "Bees fly.\n", seconds: "" });
    assert.deepEqual(request, {
      query: QUERY,
      documents: [{ text: "Bees fly." }],
      language: "en",
      seconds: 60,
      formats: ["video", "subtitles", "thumbnail"],
    });
    assert.equal(ContentInput.safeParse(request).success, true);
  });

  it("reads several texts, addresses and interests", () => {
    const request = requestOf({
      ...EMPTY_FORM,
      query: QUERY,
      documents: "Bees --- and wasps.\n---\nWings.\n-----  \n\n",
      sourceUrls: "https://a.example/\n  https://b.example/x\n",
      interests: "honey, , physics;",
      audience: " children ",
      formats: ["script", "video"],
    });
    assert.deepEqual(ContentInput.parse(request), {
      query: QUERY,
      documents: [{ text: "Bees --- and wasps." }, { text: "Wings." }],
      sourceUrls: ["https://a.example/", "https://b.example/x"],
      interests: ["honey", "physics"],
      audience: "children",
      language: "en",
      seconds: 60,
      formats: ["video", "script"],
    });
  });

  it("asks for a question, for a source and for a format", () => {
    assert.deepEqual(Object.keys(validate(EMPTY_FORM)), ["query"]);
    assert.deepEqual(Object.keys(validate({ ...EMPTY_FORM, query: QUERY, documents: "\n---\n" })), ["documents"]);
    const sourced = { ...EMPTY_FORM, query: QUERY, sourceUrls: "https://a.example/" };
    assert.deepEqual(Object.keys(validate({ ...sourced, formats: [] })), ["formats"]);
    assert.deepEqual(validate(sourced), {});
  });

  it("names the job by its question", () => {
    assert.deepEqual(optionsOf({ ...EMPTY_FORM, query: QUERY }), { metadata: { title: QUERY } });
  });

  it("offers every language and every format of the job type", () => {
    assert.deepEqual(LANGUAGES.map(({ value }) => value).sort(), [...LANGUAGE_CODES].sort());
    const formats: readonly string[] = ContentInput.shape.formats.element.options;
    assert.deepEqual(FORMATS.map(({ name }) => name).sort(), [...formats].sort());
  });

  it("shows a mistake that the API found at its field", () => {
    const errors = [
      { pointer: "/input/sourceUrls/1", message: "is not an http or https URL" },
      { pointer: "/webhookUrl", message: "is refused" },
      { pointer: "/input/unknown", message: "is unknown" },
    ];
    assert.deepEqual(formErrorsOf(new BatonError("invalid-request", "Invalid.", { errors })), {
      sourceUrls: "is not an http or https URL",
      webhookUrl: "is refused",
    });
  });
});
