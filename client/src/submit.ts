import { IdempotencyKey, type SubmitJobRequest } from "@baton/protocol";
import { BatonError } from "./errors.ts";
import { retrying } from "./retry.ts";
import type { Transport } from "./transport.ts";
import { answers, type JobView } from "./views.ts";

/** Options of a submission, beside its type and input. */
export type SubmitOptions = Omit<SubmitJobRequest, "type" | "input" | "runAt"> & {
  /** The job does not run before this instant; at most 366 days ahead. */
  runAt?: Date | string;
  /**
   * 1 to 255 printable ASCII characters; equal keys submit one job. Choose a key that outlives this process, such as
   * the number of an order, when the program may submit the job again after a restart. Default: a new key for each
   * call.
   */
  idempotencyKey?: string;
  /** Aborts the submission and its remaining tries. */
  signal?: AbortSignal;
};

/** Submits a job under one idempotency key, with up to four tries. */
export function submitJob(
  { request }: Pick<Transport, "request">,
  type: string,
  input: unknown,
  { idempotencyKey = randomKey(), signal, ...more }: SubmitOptions,
): Promise<JobView> {
  if (!IdempotencyKey.safeParse(idempotencyKey).success) {
    throw new BatonError("invalid-argument", "idempotencyKey must be 1 to 255 printable ASCII characters.");
  }
  if (input === undefined) {
    const errors = [{ pointer: "/input", message: "is undefined, which JSON cannot carry" }];
    throw new BatonError("invalid-argument", "The request cannot be sent: /input is undefined.", { errors });
  }
  const content = { body: { type, input, ...more }, headers: { "idempotency-key": idempotencyKey }, signal };
  return retrying(() => request("POST", "/v1/jobs", answers.job, content), signal);
}

/** Makes a random key of 32 hexadecimal digits. Pages served by plain http have no `crypto.randomUUID`. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
