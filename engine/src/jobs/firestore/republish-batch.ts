import { groupCommit } from "../../kit/group-commit.ts";
import type { NotFound } from "../ports.ts";
import type { Timing } from "../rules/timing.ts";
import { type Transition, transition } from "../rules/transitions.ts";
import type { JobCollections } from "./job-collections.ts";
import { jobFrom } from "./job-documents.ts";
import { updateJob } from "./job-writes.ts";

interface Asked {
  jobId: string;
  now: Date;
}

type Answer = Transition | NotFound;

/** Jobs that are published again in one commit. */
const MAX_GROUP = 50;

/**
 * Applies `republish`, which a sweep asks for many jobs at the same moment: they are read together, and committed
 * together. When one of them cannot be read, or was changed meanwhile, each is written alone, as `alone` does it.
 */
export function republishBatch(
  collections: JobCollections,
  timing: Timing,
  alone: (asked: Asked) => Promise<Answer>,
): (asked: Asked) => Promise<Answer> {
  const inGroup = groupCommit<Asked, { answer: Promise<Answer> }>(MAX_GROUP, async (_, asked) => {
    const isOneEach = new Set(asked.map(({ jobId }) => jobId)).size === asked.length;
    if (asked.length > 1 && isOneEach) {
      try {
        const answers = await republishTogether(collections, timing, asked);
        return answers.map((answer) => ({ answer: Promise.resolve(answer) }));
      } catch {
        // Nothing was written. Each is tried alone, which shows the one at fault.
      }
    }
    return asked.map((one) => ({ answer: alone(one) }));
  });
  return async (asked) => (await inGroup("republish", asked)).answer;
}

async function republishTogether(
  collections: JobCollections,
  timing: Timing,
  asked: readonly Asked[],
): Promise<Answer[]> {
  const { db, jobs } = collections;
  const documents = await db.getAll(...asked.map(({ jobId }) => jobs.doc(jobId)));
  const batch = db.batch();
  const answers = asked.map(async ({ now }, index): Promise<Answer> => {
    const document = documents[index];
    const fields = document?.data();
    if (!fields || !document?.updateTime) return { outcome: "not-found" };
    const answer = transition(jobFrom(fields), { kind: "republish" }, now, timing);
    if (answer.outcome === "moved") await updateJob(collections, batch, { ...answer, updateTime: document.updateTime });
    return answer;
  });
  const decided = await Promise.all(answers);
  await batch.commit();
  return decided;
}
