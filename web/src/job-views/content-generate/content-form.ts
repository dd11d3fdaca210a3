import type { BatonError, SubmitOptions } from "@baton/client";
import { storableText } from "@baton/protocol";
import type { LanguageCode } from "../media/types.ts";
import { webhookUrlFault } from "../webhook-url.ts";
import type { ContentFormat, ContentRequest } from "./types.ts";

/** Values of the form's fields. */
export interface ContentForm {
  query: string;
  /** Texts, with a line of dashes between two of them. */
  documents: string;
  /** One address a line. */
  sourceUrls: string;
  audience: string;
  /** Words with commas between them. */
  interests: string;
  language: LanguageCode;
  /** Text while the number field is empty. */
  seconds: number | string;
  formats: ContentFormat[];
  webhookUrl: string;
}

/** The formats, in the order of the page. */
export const FORMATS: readonly { name: ContentFormat; label: string; description: string }[] = [
  { name: "video", label: "Video", description: "1280x720, with a spoken text" },
  { name: "subtitles", label: "Subtitles", description: "Beside the video, not in its pictures" },
  { name: "audio", label: "Audio", description: "The sound alone" },
  { name: "thumbnail", label: "Thumbnail", description: "A picture that stands for the video" },
  { name: "script", label: "Script", description: "Scenes with their citations, as JSON" },
];

/** Shortest and longest content in seconds, as in the input schema. */
export const MIN_SECONDS = 10;
export const MAX_SECONDS = 180;
const DEFAULT_SECONDS = 60;

/** Values of a new form. */
export const EMPTY_FORM: ContentForm = {
  query: "",
  documents: "",
  sourceUrls: "",
  audience: "",
  interests: "",
  language: "en",
  seconds: DEFAULT_SECONDS,
  formats: ["video", "subtitles", "thumbnail"],
  webhookUrl: "",
};

/** Gives the mistakes that prevent sending, by field. The API checks the rest. */
export function validate(form: ContentForm): Partial<Record<keyof ContentForm, string>> {
  if (form.query.trim() === "") return { query: "Ask a question." };
  if (documentsOf(form.documents).length === 0 && partsOf(form.sourceUrls, /\s+/).length === 0)
    return { documents: "Give a text, or addresses of pages below: the answer is taken from them." };
  if (form.formats.length === 0) return { formats: "Choose at least one." };
  const webhookUrl = webhookUrlFault(form.webhookUrl);
  return webhookUrl === undefined ? {} : { webhookUrl };
}

/** Makes the input of the job. Fields that say nothing are left out. */
export function requestOf(form: ContentForm): ContentRequest {
  const documents = documentsOf(form.documents);
  const sourceUrls = partsOf(form.sourceUrls, /\s+/);
  const interests = partsOf(form.interests, /[,;\n]/);
  const audience = form.audience.trim();
  return {
    query: form.query.trim(),
    ...(documents.length > 0 && { documents }),
    ...(sourceUrls.length > 0 && { sourceUrls }),
    ...(audience && { audience }),
    ...(interests.length > 0 && { interests }),
    language: form.language,
    seconds: Number(form.seconds) || DEFAULT_SECONDS,
    formats: FORMATS.map(({ name }) => name).filter((name) => form.formats.includes(name)),
  };
}

/** Reads the texts: a line of three dashes or more begins another one. */
function documentsOf(text: string): { text: string }[] {
  return partsOf(text, /^-{3,}[^\S\n]*$/m).map((part) => ({ text: part }));
}

function partsOf(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Gives the options of the submission: the title, and the webhook where the form has one. */
export function optionsOf(form: ContentForm): SubmitOptions {
  const webhookUrl = form.webhookUrl.trim();
  return { metadata: { title: storableText(form.query.trim(), 200) }, ...(webhookUrl && { webhookUrl }) };
}

const FIELDS = ["query", "documents", "sourceUrls", "audience", "interests", "language", "seconds", "formats"] as const;

/** Gives the mistakes that the API found, by field, from the JSON pointers of its problem. */
export function formErrorsOf(error: BatonError): Partial<Record<keyof ContentForm, string>> {
  const errors: Partial<Record<keyof ContentForm, string>> = {};
  for (const { pointer, message } of error.errors) {
    const field = pointer === "/webhookUrl" ? "webhookUrl" : FIELDS.find((name) => pointer.split("/")[2] === name);
    if (field) errors[field] ??= message;
  }
  return errors;
}
