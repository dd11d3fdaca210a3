import type { JsonValue } from "@baton/protocol";
import type { Limits } from "../accounts/tiers.ts";
import { bodyIssues, summary } from "../http/issues.ts";
import type { Refusal } from "../http/problems.ts";
import type { JobType } from "../job-types/define-job.ts";
import type { WebhookUrlPolicy } from "./ports.ts";

/** Checks what was sent, and answers it with what the type reads in it. It is stored as it was sent: the worker reads it again. */
export async function checkInput(
  type: JobType,
  input: JsonValue,
  { maxInputBytes }: Limits,
): Promise<{ sent: JsonValue; bytes: number; parsed: unknown } | Refusal> {
  const read = await readSafely(type, input);
  if ("code" in read) return read;
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > maxInputBytes) {
    const [is, may] = [bytes, maxInputBytes].map((count) => count.toLocaleString("en"));
    const detail = `The input is ${is} bytes as JSON; ${may} are allowed to you. Split it into several jobs.`;
    return { code: "input-too-large", detail };
  }
  return { sent: input, bytes, parsed: read.parsed };
}

async function readSafely(type: JobType, input: JsonValue): Promise<{ parsed: unknown } | Refusal> {
  try {
    const parsed = await type.input.safeParseAsync(input);
    if (parsed.success) return { parsed: parsed.data };
    const errors = bodyIssues(parsed.error.issues, "/input");
    return { code: "invalid-input", detail: summary(errors), errors };
  } catch {
    const message = "the schema of the job type threw an error on it";
    return { code: "invalid-input", detail: `/input: ${message}.`, errors: [{ pointer: "/input", message }] };
  }
}

/** Refuses a URL that no webhook may be sent to; undefined when it may be, or there is none. */
export function checkWebhookUrl(policy: WebhookUrlPolicy, webhookUrl: string | undefined): Refusal | undefined {
  if (webhookUrl === undefined) return undefined;
  const message = policy.refusalOf(webhookUrl);
  if (message === undefined) return undefined;
  return { code: "webhook-url-refused", detail: message, errors: [{ pointer: "/webhookUrl", message }] };
}

const MAX_DELAY_MS = 366 * 24 * 60 * 60 * 1000;

/** Refuses a time that is more than 366 days ahead; undefined for a sooner one, or for none. */
export function checkRunAt(runAt: string | undefined, now: Date): Refusal | undefined {
  if (runAt === undefined || Date.parse(runAt) <= now.getTime() + MAX_DELAY_MS) return undefined;
  const errors = [{ pointer: "/runAt", message: "must be at most 366 days ahead" }];
  return { code: "invalid-request", detail: summary(errors), errors };
}
