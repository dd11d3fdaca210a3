import { PermanentError, RetryableError } from "@baton/engine";
import { storableText } from "@baton/engine/kit";
import { z } from "zod";
import { afterReset } from "./quota-day.ts";

/**
 * The body of a refusal. `errors[].reason` is what the API's own documents list; `details` is the newer form of the
 * same.
 */
const ErrorBody = z.object({
  error: z.object({
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
});

const PERMANENT: Readonly<Record<string, readonly [code: string, message: string]>> = {
  commentsDisabled: ["comments-disabled", "Comments are disabled for this video."],
  videoNotFound: ["video-not-found", "YouTube has no such video, or it is private."],
  keyInvalid: [
    "youtube-key-invalid",
    "YouTube refused the API key of this deployment. Ask its operator to check the key.",
  ],
};

/** Several reasons of the API mean one thing to the owner of a job. */
const MEANING: ReadonlyMap<string, keyof typeof PERMANENT> = new Map(
  Object.entries({
    commentsDisabled: "commentsDisabled",
    videoNotFound: "videoNotFound",
    keyInvalid: "keyInvalid",
    keyExpired: "keyInvalid",
    API_KEY_INVALID: "keyInvalid",
    accessNotConfigured: "keyInvalid",
    ipRefererBlocked: "keyInvalid",
    API_KEY_SERVICE_BLOCKED: "keyInvalid",
  }),
);

/** The day's quota of the API key is used up. */
const QUOTA_USED_UP: ReadonlySet<string> = new Set(["quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"]);

const RATE_LIMITED: ReadonlySet<string> = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "RATE_LIMIT_EXCEEDED",
]);

/**
 * Makes the error for a refusal of the YouTube Data API (https://developers.google.com/youtube/v3/docs/errors). It is
 * retryable when YouTube is down (5xx, `processingFailure`) or asks to go slower, and on the next day when the day's
 * quota is used up. It is permanent otherwise. No message holds the key or the request.
 */
export function youtubeError(
  status: number,
  body: unknown,
  now = new Date(),
  random = Math.random,
): PermanentError | RetryableError {
  const parsed = ErrorBody.safeParse(body);
  const listed = parsed.success ? [...(parsed.data.error.errors ?? []), ...(parsed.data.error.details ?? [])] : [];
  const reasons = listed.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  if (status >= 500 || status === 408 || reasons.includes("processingFailure")) {
    return new RetryableError("youtube-unavailable", `YouTube is not available (status ${status}).`);
  }
  if (reasons.some((reason) => QUOTA_USED_UP.has(reason))) {
    return afterReset(
      "youtube-quota-exceeded",
      "The YouTube API quota of this deployment is used up for today.",
      now,
      random,
    );
  }
  const meaning = reasons.map((reason) => MEANING.get(reason)).find((known) => known !== undefined);
  const known = meaning === undefined ? undefined : PERMANENT[meaning];
  if (known !== undefined) return new PermanentError(...known);
  if (status === 429 || reasons.some((reason) => RATE_LIMITED.has(reason))) {
    return new RetryableError("youtube-rate-limited", "YouTube asks for fewer requests at a time.");
  }
  const detail = reasons[0] === undefined ? "" : `, ${storableText(reasons[0], 60)}`;
  return new PermanentError("youtube-refused", `YouTube refused the request (status ${status}${detail}).`);
}
