import type { StepStore } from "../ports.ts";
import type { StepRecord } from "../rules/step.ts";

/** Outputs that one invocation reads ahead; a worker runs several jobs at once. */
const MAX_AHEAD_BYTES = 8 * 1024 * 1024;

type Recalled = Pick<StepRecord, "output">;

/**
 * Reads the recorded outputs of a job's steps, by name. The first call reads all in one query, up to 8 MiB; outputs
 * beyond that are read one by one. A step without a record costs no read of its own. `isFirst`: the job has no records.
 */
export function recollection(
  steps: Pick<StepStore, "read" | "recall">,
  jobId: string,
  isFirst: boolean,
): (name: string) => Promise<Recalled | undefined> {
  let recalling: Promise<{ byName: Map<string, Recalled>; isAll: boolean }> | undefined;

  async function recall() {
    const { steps: found, isAll } = await steps.recall(jobId, MAX_AHEAD_BYTES);
    return { byName: new Map(found.map(({ name, output }) => [name, { output }])), isAll };
  }

  return async (name) => {
    if (isFirst) return undefined;
    recalling ??= recall();
    const { byName, isAll } = await recalling;
    const known = byName.get(name);
    // A name stands for one step: it is asked for once.
    byName.delete(name);
    return known || isAll ? known : steps.read(jobId, name);
  };
}
