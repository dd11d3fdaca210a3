import type { BatonError, SubmitOptions } from "@baton/client";
import { storableText } from "@baton/protocol";
import { webhookUrlFault } from "../webhook-url.ts";
import type { CommentInput, VideoAnalysisRequest } from "./types.ts";

/** The form's fields as a person fills them in. */
export interface AnalysisForm {
  video: string;
  /** One comment a line. */
  comments: string;
  /** What is known of comments beyond their text; lines that equal a text of these are sent as they stand here. */
  sample: readonly CommentInput[];
  /** The number field gives text while it is empty. */
  maxComments: number | string;
  includeSentiment: boolean;
  includeClassification: boolean;
  includeInsights: boolean;
  includeSummary: boolean;
  webhookUrl: string;
}

/** Most comments one analysis takes, and most characters of one: the input schema's own limits. */
export const MAX_COMMENTS = 5000;
const MAX_COMMENT_LENGTH = 10_000;

const DEFAULT_MAX = 1000;

/** What the form starts with. */
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

/** What keeps a form from being sent, by field; the API has the last word. */
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

/** The comments in a text, one per line that is not blank. */
export function commentsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The job's input. */
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

/** What is asked for besides the analysis: the title, and a webhook if one is wanted. */
export function optionsOf(form: AnalysisForm): SubmitOptions {
  const webhookUrl = form.webhookUrl.trim();
  return { metadata: { title: titleOf(form) }, ...(webhookUrl && { webhookUrl }) };
}

/** What the job is called in lists, at most 200 characters. */
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

/** The fields that the API refused, from the JSON pointers of its problem. */
export function formErrorsOf(error: BatonError): Partial<Record<keyof AnalysisForm, string>> {
  const errors: Partial<Record<keyof AnalysisForm, string>> = {};
  for (const { pointer, message } of error.errors) {
    const [, field] = FIELD_AT.find(([start]) => pointer.startsWith(start)) ?? [];
    if (field) errors[field] ??= message;
  }
  return errors;
}
