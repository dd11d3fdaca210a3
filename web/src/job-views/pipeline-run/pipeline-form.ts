import type { BatonError, SubmitOptions } from "@baton/client";
import { storableText } from "@baton/protocol";
import type { LanguageCode } from "../media/types.ts";
import { webhookUrlFault } from "../webhook-url.ts";
import type { PipelineRequest } from "./types.ts";

/** Values of the form's fields. */
export interface PipelineForm {
  /** Empty until one is chosen. */
  preset: string;
  content: string;
  title: string;
  author: string;
  language: LanguageCode;
  /** Further metadata: one `name: value` a line. */
  fields: string;
  webhookUrl: string;
}

/** Values of a new form. */
export const EMPTY_FORM: PipelineForm = {
  preset: "",
  content: "",
  title: "",
  author: "",
  language: "en",
  fields: "",
  webhookUrl: "",
};

/** Metadata that has a field of the form, or of the job type, of its own. */
const OWN_FIELDS = ["title", "author", "language"] as const;
const isOwnField = (name: string): name is (typeof OWN_FIELDS)[number] => OWN_FIELDS.some((own) => own === name);

/** Gives the mistakes that prevent sending, by field. The API checks the rest. */
export function validate(form: PipelineForm): Partial<Record<keyof PipelineForm, string>> {
  if (form.preset === "") return { preset: "Choose a preset." };
  if (form.content.trim() === "") return { content: "Give the text that is said and shown." };
  const fields = fieldsFault(form.fields);
  if (fields !== undefined) return { fields };
  const webhookUrl = webhookUrlFault(form.webhookUrl);
  return webhookUrl === undefined ? {} : { webhookUrl };
}

function fieldsFault(text: string): string | undefined {
  const names = new Set<string>();
  for (const line of linesOf(text)) {
    const [name] = fieldIn(line);
    if (name === "") return `Write "name: value" on each line, not "${line}".`;
    if (isOwnField(name)) return `Give the ${name} in its own field.`;
    if (names.has(name)) return `There are two lines for "${name}".`;
    names.add(name);
  }
  return undefined;
}

/** Makes the input of the job. Fields that say nothing are left out. */
export function requestOf(form: PipelineForm): PipelineRequest {
  const [title, author] = [form.title.trim(), form.author.trim()];
  const further = Object.fromEntries(linesOf(form.fields).map(fieldIn));
  return {
    content: form.content.trim(),
    preset: form.preset,
    metadata: { ...further, ...(title && { title }), ...(author && { author }), language: form.language },
  };
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Reads a line of the further metadata; the name is empty where there is none. */
function fieldIn(line: string): [name: string, value: string] {
  const end = Math.max(0, line.indexOf(":"));
  return [line.slice(0, end).trim(), line.slice(end + 1).trim()];
}

/** Gives the options of the submission: a title for the list of jobs, and the webhook where the form has one. */
export function optionsOf(form: PipelineForm): SubmitOptions {
  const title = form.title.trim() || beginningOf(form.content);
  const webhookUrl = form.webhookUrl.trim();
  return { metadata: { title: storableText(title, 200) }, ...(webhookUrl && { webhookUrl }) };
}

/** The first words of a text, on one line. */
function beginningOf(content: string): string {
  const line = content.trim().replace(/\s+/g, " ");
  return line.length <= 80 ? line : `${line.slice(0, 80).replace(/\s\S*$/, "")}…`;
}

/** Gives the mistakes that the API found, by field, from the JSON pointers of its problem. */
export function formErrorsOf(error: BatonError): Partial<Record<keyof PipelineForm, string>> {
  const errors: Partial<Record<keyof PipelineForm, string>> = {};
  for (const { pointer, message } of error.errors) {
    const field = fieldAt(pointer);
    if (field) errors[field] ??= field === "fields" ? `${pointer.split("/")[3] ?? "All"}: ${message}` : message;
  }
  return errors;
}

function fieldAt(pointer: string): keyof PipelineForm | undefined {
  if (pointer === "/webhookUrl") return "webhookUrl";
  const [, , name, inner] = pointer.split("/");
  if (name === "content" || name === "preset") return name;
  if (name !== "metadata") return undefined;
  return inner !== undefined && isOwnField(inner) ? inner : "fields";
}
