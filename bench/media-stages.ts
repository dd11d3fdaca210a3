import type { BatonClient, JobView } from "@baton/client";
import { Firestore } from "@google-cloud/firestore";
import { z } from "zod";
import type { jobs } from "../functions/src/jobs/index.ts";
import type { LocalCloud } from "../local/cloud.ts";

/** The client of the benchmark's user. */
export type MediaClient = BatonClient<typeof jobs>;

/** A stage of a job that has ended. */
export interface Span {
  name: string;
  fromMs: number;
  untilMs: number;
}

const KeptStep = z.object({ name: z.string(), createdAt: z.custom<{ toMillis(): number }>() });

/**
 * Gives the stages of a completed job: those of its output, and for a job type without a history the times at which its
 * steps were kept. A step then has the work before it as well, such as what is read from the input.
 */
export async function stagesOf(cloud: LocalCloud, client: MediaClient, job: JobView): Promise<Span[]> {
  const result = await client.result(job.jobId);
  if (client.isResultOf("pipeline.run", result)) {
    return (result.output?.stages ?? []).map(({ stage, startedAt, durationMs }) => {
      const fromMs = Date.parse(startedAt);
      return { name: stage, fromMs, untilMs: fromMs + durationMs };
    });
  }
  const steps = await keptSteps(cloud, job.jobId);
  const startedMs = Date.parse(job.startedAt ?? "");
  return steps.map(({ name, atMs }, index) => ({ name, fromMs: steps[index - 1]?.atMs ?? startedMs, untilMs: atMs }));
}

/** The steps of a job in the order of their ends. */
async function keptSteps({ addresses }: LocalCloud, jobId: string): Promise<{ name: string; atMs: number }[]> {
  const { projectId, firestoreHost: host } = addresses;
  const customHeaders = { Authorization: "Bearer owner" };
  const db = new Firestore({ projectId, host, ssl: false, customHeaders });
  try {
    const { docs } = await db.collection(`batonJobs/${jobId}/batonSteps`).orderBy("createdAt").get();
    return docs.map((document) => {
      const { name, createdAt } = KeptStep.parse(document.data());
      return { name, atMs: createdAt.toMillis() };
    });
  } finally {
    await db.terminate();
  }
}
