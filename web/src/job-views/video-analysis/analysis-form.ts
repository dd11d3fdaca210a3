import type { BatonError, SubmitOptions } from "@baton/client";
import { storableText } from "@baton/protocol";
import { webhookUrlFault } from "../webhook-url.ts";
import type { CommentInput, VideoAnalysisRequest } from "./types.ts";

/** Values of the form's fields. */
export interface AnalysisForm {
  video: string;
  /** One comment a line. */
  comments: string;
  /** Comments with more than a text. A line that equals one of these texts is sent as this comment. */
  sample: readonly CommentInput[];
  /** Text while the number field is empty. */
  maxComments: number | string;
  includeSentiment: boolean;
  includeClassification: boolean;
  includeInsights: boolean;
  includeSummary: boolean;
  webhookUrl: string;
}

/** Most comments of an analysis, and most characters of a comment, as in the input schema. */
export const MAX_COMMENTS = 5000;
const MAX_COMMENT_LENGTH = 10_000;

const DEFAULT_MAX = 1000;

/** Values of a new form. */
export const EMPTY_FORM: AnalysisForm = {
  video: "",
  comments: "",
  sample: [],
  maxComments: DEFAULT_MAX,
  includeSentiment: true,
  includeClassification: true,
  includeInsights: true,
  includeSummary: true,
  webhookUrl: "",
};

/** The parts of an analysis that can be switched off. */
export const PARTS = [
  { name: "includeSentiment", label: "Sentiment", description: "Positive, neutral or negative" },
  { name: "includeClassification", label: "Classes", description: "Questions, praise, spam and more" },
  { name: "includeInsights", label: "Themes", description: "What many talk about, top questions" },
  { name: "includeSummary", label: "Summary", description: "A few telling sentences" },
] as const;

/** Gives the mistakes that prevent sending, by field. The API checks the rest. */
export function validate(form: AnalysisForm): Partial<Record<keyof AnalysisForm, string>> {
  const comments = commentsOf(form.comments);
  const tooLong = comments.findIndex((text) => text.length > MAX_COMMENT_LENGTH);
  if (!form.video.trim() && comments.length === 0) return { video: "Give a video, or comments below." };
  if (comments.length > MAX_COMMENTS)
    return { comments: `At most ${MAX_COMMENTS} comments; these are ${comments.length}.` };
  if (tooLong >= 0) return { comments: `Comment ${tooLong + 1} has over ${MAX_COMMENT_LENGTH} characters.` };
  if (!PARTS.some(({ name }) => form[name])) return { includeSentiment: "Switch on at least one." };
  const webhookUrl = webhookUrlFault(form.webhookUrl);
  return webhookUrl === undefined ? {} : { webhookUrl };
}

/** Reads the comments of a text: one for each line that is not blank. */
export function commentsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Makes the input of the job. */
export function requestOf(form: AnalysisForm): VideoAnalysisRequest {
  const known = new Map(form.sample.map((comment) => [comment.text, comment]));
  const comments = commentsOf(form.comments).map((text) => known.get(text) ?? { text });
  const { includeSentiment, includeClassification, includeInsights, includeSummary } = form;
  return {
    ...(form.video.trim() && { videoUrlOrId: form.video.trim() }),
    ...(comments.length > 0 && { comments }),
    maxComments: Number(form.maxComments) || DEFAULT_MAX,
    includeSentiment,
    includeClassification,
    includeInsights,
    includeSummary,
  };
}

/** Gives the options of the submission: the title, and the webhook where the form has one. */
export function optionsOf(form: AnalysisForm): SubmitOptions {
  const webhookUrl = form.webhookUrl.trim();
  return { metadata: { title: titleOf(form) }, ...(webhookUrl && { webhookUrl }) };
}

/** Makes the title of the job, of at most 200 characters. */
function titleOf(form: AnalysisForm): string {
  const count = commentsOf(form.comments).length;
  const comments = count === 1 ? "1 comment" : `${count.toLocaleString("en")} comments`;
  const video = form.video.trim().replace(/^https?:\/\/(www\.)?/, "");
  if (!video) return `Analysis of ${comments}`;
  return storableText(count > 0 ? `${video} (${comments})` : video, 200);
}

const FIELD_AT: readonly [pointer: string, field: keyof AnalysisForm][] = [
  ["/input/videoUrlOrId", "video"],
  ["/input/comments", "comments"],
  ["/input/maxComments", "maxComments"],
  ["/webhookUrl", "webhookUrl"],
];

/** Gives the mistakes that the API found, by field, from the JSON pointers of its problem. */
export function formErrorsOf(error: BatonError): Partial<Record<keyof AnalysisForm, string>> {
  const errors: Partial<Record<keyof AnalysisForm, string>> = {};
  for (const { pointer, message } of error.errors) {
    const [, field] = FIELD_AT.find(([start]) => pointer.startsWith(start)) ?? [];
    if (field) errors[field] ??= message;
  }
  return errors;
}
