import type { JsonValue } from "@baton/protocol";
import type { Firestore } from "@google-cloud/firestore";
import { groupCommit } from "../../kit/group-commit.ts";
import { isAway, isConflict } from "../../platform/firestore/optimistic-retry.ts";
import type { StepAnswer, StepStore } from "../ports.ts";
import { jsonBytes, wireBytes } from "./job-writes.ts";
import { asPermanent } from "./refused-for-good.ts";
import { stepFrom } from "./step-documents.ts";
import { keptStep, MAX_TRIES, pauseAfter, type StepDocuments } from "./step-store.ts";

interface Entry {
  step: { jobId: string; leaseId: string; name: string };
  output: JsonValue;
  now: Date;
  bytes: number;
}

/** Firestore's batches were long limited to 500 writes; one of them is the condition on the job. */
const MAX_GROUP = 400;
/** A request has at most 10 MiB (https://firebase.google.com/docs/firestore/quotas); the emulator takes less. */
const MAX_GROUP_BYTES = 3 * 1024 * 1024;

/**
 * Keeps outputs of steps in groups: those of one lease that arrive while a commit is under way make up the next commit.
 * A group that is refused for what it holds is split, until the member that cannot be stored stands alone; only that
 * one rejects.
 */
export function stepGroups(db: Firestore, documents: StepDocuments): StepStore["keep"] {
  const keepInGroups = groupCommit<Entry, StepAnswer>(
    groupSize,
    (_, entries) => keepAll(db, documents, entries),
    isAway,
  );
  return async (step, output, now) => {
    const key = JSON.stringify([step.jobId, step.leaseId]);
    try {
      return await keepInGroups(key, { step, output, now, bytes: wireBytes({}, jsonBytes(output)) });
    } catch (error) {
      throw asPermanent(error);
    }
  };
}

function groupSize(waiting: readonly Entry[]): number {
  let bytes = 0;
  const first = waiting.findIndex((entry) => {
    bytes += entry.bytes;
    return bytes > MAX_GROUP_BYTES;
  });
  return Math.max(1, Math.min(MAX_GROUP, first < 0 ? waiting.length : first));
}

async function keepAll(db: Firestore, documents: StepDocuments, entries: readonly Entry[]): Promise<StepAnswer[]> {
  const answers = new Map<string, StepAnswer>();
  const [first] = entries;
  if (!first) return [];
  const { jobId, leaseId } = first.step;
  for (let tried = 1; ; tried++) {
    const open = entries.filter(({ step }) => !answers.has(step.name));
    const holder = open.length > 0 ? await documents.readHolder(jobId, leaseId) : undefined;
    if (!holder) return entries.map(({ step }) => answers.get(step.name) ?? { outcome: "lease-lost" });
    const byName = new Map(open.map((entry) => [entry.step.name, entry]));
    try {
      const batch = db.batch();
      const kept = [...byName.values()].map(({ step, output, now }) => keptStep(step, holder, output, now));
      for (const step of kept) documents.create(batch, step);
      documents.fence(batch, jobId, holder);
      await batch.commit();
      for (const step of kept) answers.set(step.name, { outcome: "recorded", step });
    } catch (error) {
      if (!(isConflict(error) || isAway(error)) || tried >= MAX_TRIES) throw error;
      // The answer was lost, another writer changed the job, or a record is there: from a try whose answer was lost.
      const found = await db.getAll(...[...byName.keys()].map((name) => documents.stepOf(jobId, name)));
      for (const fields of found.map((document) => document.data())) {
        if (fields) answers.set(stepFrom(fields).name, { outcome: "recorded", step: stepFrom(fields) });
      }
      await pauseAfter(tried);
    }
  }
}
