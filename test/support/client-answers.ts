import { BatonError } from "../../client/src/index.ts";

/** A queued job as the API gives it. */
export const JOB = {
  jobId: "abcdefghij0123456789",
  type: "video.analysis",
  owner: "ada",
  queue: "default",
  status: "queued",
  progress: 0,
  attempt: 0,
  maxAttempts: 5,
  tags: [],
  metadata: {},
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  history: [],
};

/** Gives the `BatonError` that a call rejects with; throws when it resolves, or rejects with another error. */
export async function failure(call: Promise<unknown>): Promise<BatonError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof BatonError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
