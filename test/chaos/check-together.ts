import { isFinal } from "../../engine/src/jobs/rules/job.ts";
import type { Evidence } from "./evidence.ts";

/*
 * Promises about jobs together, and about the traces that jobs left elsewhere. Every rule answers the jobs, or the
 * keys, for which its promise is broken.
 */

/** The list of a key holds numbers of its jobs, each once, rising; and every completed job's. */
export function wrongOrder({ accepted, jobs, lists }: Evidence): string[] {
  const ordered = accepted.filter(({ planned }) => planned.kind === "ordered");
  const byKey = Map.groupBy(ordered, ({ planned }) => String(planned.input.key));
  const keys = new Set([...byKey.keys(), ...lists.keys()]);
  return [...keys].filter((key) => {
    const list = lists.get(key) ?? [];
    const members = byKey.get(key) ?? [];
    const submitted = members.map(({ planned }) => Number(planned.input.seq));
    const completed = members.filter(({ jobId }) => jobs.get(jobId)?.status === "completed");
    const isRising = list.every((seq, index) => index === 0 || seq > (list[index - 1] ?? 0));
    const isOwn = list.every((seq) => submitted.includes(seq));
    return !isRising || !isOwn || completed.some(({ planned }) => !list.includes(Number(planned.input.seq)));
  });
}

/** From the first claim of a job until it is final no other job of its key may run. */
export function overlaps({ accepted, jobs }: Evidence): string[] {
  const lanes = Map.groupBy(
    accepted.flatMap(({ planned, jobId }) => {
      const job = jobs.get(jobId);
      return planned.orderingKey && job?.startedAt ? [{ lane: `${planned.owner}/${planned.orderingKey}`, job }] : [];
    }),
    ({ lane }) => lane,
  );
  return [...lanes.values()].flatMap((members) => {
    const inOrder = members.map(({ job }) => job).sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
    return inOrder
      .filter((job, index) => {
        const before = inOrder[index - 1];
        return before && Number(job.startedAt) < Number(before.finishedAt ?? Number.POSITIVE_INFINITY);
      })
      .map(({ jobId }) => jobId);
  });
}

/** A completed job counted each of its steps, or additions, once, another at most so many; no other job counted. */
export function wrongCounts({ accepted, jobs, counters }: Evidence): string[] {
  const stepped = accepted.filter(({ planned: { kind } }) => kind === "stepped" || kind === "parallel");
  const wrong = stepped.filter(({ planned, jobId }) => {
    const count = counters.get(jobId) ?? 0;
    const steps = Number(planned.input.adds ?? planned.input.steps);
    return jobs.get(jobId)?.status === "completed" ? count !== steps : count > steps;
  });
  const ids = new Set(stepped.map(({ jobId }) => jobId));
  return [...wrong.map(({ jobId }) => jobId), ...[...counters.keys()].filter((jobId) => !ids.has(jobId))];
}

/** Codes in the result of a cancelled job whose clean-up did not come to its end. */
const CLEAN_UP_ERRORS: readonly (string | undefined)[] = ["cleanup-failed", "cleanup-not-run"];

/** Of a cancelled job that had begun a clean-up ran, or its result says why not; of any other job none did. */
export function wrongCleanUps({ accepted, jobs, results, cleanUps }: Evidence): string[] {
  const wrong = accepted.filter(({ planned, jobId }) => {
    const job = jobs.get(jobId);
    if (planned.kind !== "waiting" || !job?.finishedAt) return false;
    const [ran, code] = [(cleanUps.get(jobId) ?? 0) > 0, results.get(jobId)?.error?.code];
    const isDue = job.status === "cancelled" && job.attempt > 0;
    return isDue ? !ran && !CLEAN_UP_ERRORS.includes(code) : ran || CLEAN_UP_ERRORS.includes(code);
  });
  return wrong.map(({ jobId }) => jobId);
}

/** All results of one input name one job as the one that ran; two jobs that ran for it did not run at the same time. */
export function wrongCache({ accepted, jobs, results }: Evidence): string[] {
  const groups = Map.groupBy(
    accepted.filter(({ planned }) => planned.kind === "cached"),
    ({ planned }) => `${planned.owner}/${planned.input.n}`,
  );
  return [...groups].flatMap(([key, members]) => {
    const ran = members.flatMap(({ jobId }) => {
      const job = jobs.get(jobId);
      const to = Number(job?.finishedAt ?? Number.POSITIVE_INFINITY);
      return job?.startedAt ? [{ from: Number(job.startedAt), to }] : [];
    });
    ran.sort((a, b) => a.from - b.from);
    const isParallel = ran.some(({ from }, index) => from < (ran[index - 1]?.to ?? 0));
    const outputs = new Set(members.flatMap(({ jobId }) => JSON.stringify(results.get(jobId)?.output) ?? []));
    return isParallel || outputs.size > 1 ? [key] : [];
  });
}

/**
 * An entry with an output names a job that completed; any other entry names a job that is not final. Answers the jobs.
 */
export function staleCacheEntries({ jobs, cacheEntries }: Evidence): string[] {
  const stale = cacheEntries.filter(({ jobId, isDone }) => {
    const status = jobs.get(jobId)?.status;
    if (status === undefined) return true;
    return isDone ? status !== "completed" : isFinal(status);
  });
  return stale.map(({ jobId }) => jobId);
}

/**
 * A webhook that was asked for arrived under one id, which no other job has, with the job's status. Others got none.
 */
export function wrongWebhooks({ accepted, jobs, webhooks }: Evidence): string[] {
  const taken = new Set<string>();
  return accepted
    .filter(({ planned, jobId }) => {
      const arrived = webhooks.get(jobId) ?? [];
      if (!planned.hasWebhook) return arrived.length > 0;
      const status = jobs.get(jobId)?.status;
      const ids = new Set(arrived.map(({ id }) => id));
      const isTaken = [...ids].some((id) => taken.has(id));
      for (const id of ids) taken.add(id);
      const isOther = arrived.some((webhook) => webhook.event !== `job.${status}` || webhook.jobId !== jobId);
      return ids.size !== 1 || isTaken || isOther;
    })
    .map(({ jobId }) => jobId);
}
