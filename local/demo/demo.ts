import type { BatonClient, JobView } from "@baton/client";
import type { jobs } from "../../functions/src/jobs/index.ts";
import type { Paint } from "./paint.ts";

/** The client of the demo's user. */
export type DemoClient = BatonClient<typeof jobs>;

/** Shows what one job type does. */
export interface Demo {
  /** Longest time of the job. */
  timeoutMs: number;
  /** Makes what the job needs on this machine. */
  prepare(): Promise<PreparedDemo>;
}

/** A demo that can be submitted. */
export interface PreparedDemo {
  /** The submitted input in words: "65 real comments". */
  subject: string;
  /** Ports of this machine that the job may reach. */
  ports: number[];
  submit(client: DemoClient, webhookUrl: string): Promise<JobView>;
  /** Renders the output as a person reads it in a terminal. */
  render(finished: FinishedJob): Promise<string[]> | string[];
  stop(): Promise<void>;
}

/** A completed job. */
export interface FinishedJob {
  client: DemoClient;
  jobId: string;
  output: unknown;
  /** Columns of the terminal. */
  width: number;
  paint: Paint;
}
