import type { JsonValue } from "@baton/protocol";
import type { Timestamp } from "@google-cloud/firestore";
import { groupCommit } from "../../kit/group-commit.ts";
import { type Recent, recent } from "../../kit/recent.ts";
import { isAway, isRefused, retryConflicts } from "../../platform/firestore/optimistic-retry.ts";
import { read, type Stored } from "../../platform/firestore/read-document.ts";
import type { Job } from "../rules/job.ts";
import {
  type Acceptance,
  accept,
  type ExistingJob,
  newJob,
  type Submission,
  submissionReads,
} from "../rules/submission.ts";
import type { Timing } from "../rules/timing.ts";
import type { Usage } from "../rules/usage.ts";
import type { JobCollections } from "./job-collections.ts";
import { jobFrom } from "./job-documents.ts";
import { createJob, jsonBytes, wireBytes } from "./job-writes.ts";
import { readPromotionContext, type StoredPromotionContext } from "./promotion-context.ts";
import { readWebhookUrl } from "./webhook-url.ts";

/** One submission on its way; `bytes` is at least what it takes in a commit. */
interface Entry {
  submission: Submission;
  input: JsonValue;
  bytes: number;
  now: Date;
}

/**
 * Limits of a group of submissions that are committed together, with the cached outputs that some are answered with. A
 * commit has at most 10 MiB (https://firebase.google.com/docs/firestore/quotas), on the emulator 4. A larger one is
 * refused as an exhausted resource, which the client of Firestore repeats for ten minutes. One submission with a cached
 * output takes less than half of this.
 */
const MAX_GROUP = 20;
const MAX_GROUP_BYTES = 3 * 1024 * 1024;
/** Owners whose usage is remembered, to spare its read; the commit proves that it was still so. */
const MAX_KNOWN = 1000;

/**
 * Submits jobs. Those of one owner that arrive in this process while a commit of theirs is under way are committed
 * together after it. So the owner's `usage` is written once for all of them, and no two commits of this process
 * conflict there. A submission that Firestore refuses to hold is `unstorable`, and refuses none of the others.
 */
export function submitBatch(collections: JobCollections, timing: Timing) {
  const known = recent<Stored<Usage, Timestamp>>(MAX_KNOWN);
  const inGroup = groupCommit<Entry, Acceptance>(
    sizeOfGroup,
    (owner, group) => commitGroup(collections, known, owner, group, timing),
    isAway,
  );
  return async (submission: Submission, input: JsonValue, now: Date): Promise<Acceptance> => {
    const bytes = wireBytes(submission, jsonBytes(input));
    try {
      return await inGroup(submission.owner, { submission, input, bytes, now });
    } catch (error) {
      if (isRefused(error)) return { outcome: "unstorable" };
      throw error;
    }
  };
}

function sizeOfGroup(waiting: readonly Entry[]): number {
  let total = 0;
  const end = waiting.findIndex(({ bytes }, index) => {
    total += bytes;
    return index === MAX_GROUP || (index > 0 && total > MAX_GROUP_BYTES);
  });
  return end === -1 ? waiting.length : end;
}

function commitGroup(
  collections: JobCollections,
  known: Recent<Stored<Usage, Timestamp>>,
  owner: string,
  group: readonly Entry[],
  timing: Timing,
): Promise<Acceptance[]> {
  return retryConflicts(async (tried) => {
    const remembered = tried === 0 ? known.get(owner) : undefined;
    known.delete(owner);
    const jobs = group.map(({ submission, now }) => newJob(submission, now));
    const now = new Date(Math.max(...group.map((entry) => entry.now.getTime())));
    const [context, existing] = await Promise.all([
      readPromotionContext(
        collections,
        owner,
        jobs.map((job) => submissionReads(job, now)),
        now,
        remembered,
      ),
      // A random id is free, unless this very commit was made before and its answer was lost.
      Promise.all(
        group.map(({ submission: { jobId, requestHashes } }) =>
          tried > 0 || requestHashes !== undefined ? readExisting(collections, jobId) : undefined,
        ),
      ),
    ]);
    const answers = decideAll(context, group, jobs, existing, timing);
    const wroteAt = await commit(collections, context, group, answers);
    const usage = context.usage();
    if (wroteAt && usage) known.set(owner, { value: usage, updateTime: wroteAt });
    return answers;
  });
}

/** The job with this id, and where its end is told: read only for the few that are repeated and have a webhook. */
async function readExisting({ jobs, webhookUrlOf }: JobCollections, jobId: string): Promise<ExistingJob | undefined> {
  const { value: job } = await read(true, jobs.doc(jobId), jobFrom);
  if (!job) return undefined;
  const webhookUrl = job.hasWebhookUrl && (await readWebhookUrl(webhookUrlOf(jobId)));
  return { job, ...(webhookUrl !== undefined && { webhookUrl }) };
}

function decideAll(
  context: StoredPromotionContext,
  group: readonly Entry[],
  jobs: readonly Job[],
  existing: readonly (ExistingJob | undefined)[],
  timing: Timing,
): Acceptance[] {
  const taken = new Map(existing.flatMap((one) => (one ? [[one.job.jobId, one] as const] : [])));
  return group.map(({ submission, now }, index) => {
    const [job, before] = [jobs[index], taken.get(submission.jobId)];
    const answer = accept(
      submission,
      { ...(job && context.of(job)), ...(before && { existing: before }) },
      now,
      timing,
    );
    if (answer.outcome === "accepted") {
      context.note(answer);
      const { webhookUrl } = submission;
      taken.set(submission.jobId, { job: answer.job, ...(webhookUrl !== undefined && { webhookUrl }) });
    }
    return answer;
  });
}

/** Writes all that was accepted, or nothing; answers when the owner's usage was written. */
async function commit(
  collections: JobCollections,
  context: StoredPromotionContext,
  group: readonly Entry[],
  answers: readonly Acceptance[],
): Promise<Timestamp | undefined> {
  if (!answers.some(({ outcome }) => outcome === "accepted")) return undefined;
  demandRoom(group, answers);
  const batch = collections.db.batch();
  // Usage is the first write: every acceptance counts.
  context.write(batch);
  group.forEach(({ input, submission: { webhookUrl } }, index) => {
    const answer = answers[index];
    if (answer?.outcome !== "accepted") return;
    createJob(collections, batch, answer.job, input, { webhookUrl, result: answer.result });
  });
  const [usage] = await batch.commit();
  return usage?.writeTime;
}

/** Throws when a group's cached outputs make its commit too large, before it is sent; half of the group is then tried. */
function demandRoom(group: readonly Entry[], answers: readonly Acceptance[]): void {
  const bytes = group.map((entry, index) => {
    const answer = answers[index];
    const output = answer?.outcome === "accepted" ? answer.result?.output : undefined;
    return entry.bytes + (output === undefined ? 0 : wireBytes({}, jsonBytes(output)));
  });
  const total = bytes.reduce((sum, each) => sum + each, 0);
  if (group.length > 1 && total > MAX_GROUP_BYTES) throw new Error(`a commit of ${total} bytes would be too large`);
}
