import { defineJob } from "@baton/engine";
import { z } from "zod";

const DAY_MS = 24 * 3_600_000;

/** Sends one mail; a second one with the same key is not sent. */
export type SendMail = (to: string, text: string, key: string) => Promise<void>;

export function trialReminder(sendMail: SendMail) {
  return defineJob({
    type: "trial.reminder",
    input: z.strictObject({ email: z.email(), endsAt: z.iso.datetime() }),
    output: z.null(),
    async run({ jobId, step, sleep }, { email, endsAt }) {
      await step("welcome", () => sendMail(email, "Your trial has begun.", `${jobId}-welcome`));
      await sleep(3 * DAY_MS, "until they tried it");
      await step("tips", () => sendMail(email, "Three things to try.", `${jobId}-tips`));
      await sleep({ until: new Date(endsAt) }, "until the end");
      await step("end", () => sendMail(email, "Your trial ends today.", `${jobId}-end`));
      return null;
    },
  });
}
