import type { WatchRequest } from "./bridge/bridge.ts";
import type { ChaosOptions } from "./chaos/options.ts";
import type { HostingRules } from "./hosting-rules.ts";
import type { LogLine } from "./log.ts";
import type { Guard } from "./options.ts";
import type { Ports } from "./ports.ts";
import type { Project } from "./project/project.ts";

/** A built console and the rules by which its paths are answered. */
export interface ConsoleSite {
  folder: string;
  rules: HostingRules;
  /** Builds it when it is stale. Logs a failure: the rest of the cloud works without. */
  prepare?(log: LogLine, signal: AbortSignal): Promise<void>;
}

/** The settings of a local cloud. */
export interface CloudOptions {
  /** The project whose functions run. */
  project: Project;
  /** Builds the functions when they are stale; default: they are built. */
  prepareFunctions?(log: LogLine, signal: AbortSignal): Promise<void>;
  /** Fixed ports, or `auto` for free ones. */
  ports: Ports | "auto";
  /** Further environment variables of every function, e.g. `YOUTUBE_API_BASE_URL`, `LEASE_MS`. */
  env?: Record<string, string>;
  /**
   * Values for secrets the functions declare; `WEBHOOK_MASTER_SECRET` and `WEBHOOK_ENCRYPTION_KEYS` have one already.
   */
  secrets?: Record<string, string>;
  /** Pause after an event's first failure, doubled after each further one; default 500 (production: 10,000). */
  retryMinMs?: number;
  /** Longest pause; default 60,000 (production: 600,000). */
  retryMaxMs?: number;
  /** An undelivered event is given up after so long; default: a day, as Eventarc does. */
  retentionMs?: number;
  /**
   * Failed deliveries after which a job's message becomes a dead letter, as by the subscription policy of `infra/`;
   * default: none, as Eventarc leaves a subscription.
   */
  maxDeliveryAttempts?: number;
  /**
   * Most events one function runs at a time, between what one instance and what all of its instances take; default 100.
   */
  maxConcurrency?: number;
  /** The length of a schedule's minute, in milliseconds; default 60,000, as on the clock. */
  scheduledMinuteMs?: number;
  /** The destinations that webhooks may have; default `local`: also this machine, over http. */
  guard?: Guard;
  /** Ports of this machine, beside the inbox's, that webhooks may go to, or `any`; default: none. */
  webhookPorts?: readonly number[] | "any";
  /** Origins of pages, beside those of this machine, that may use the cloud; default: none. */
  allowedOrigins?: readonly string[];
  /** False leaves the Auth emulator out, which takes the longest to start. */
  auth?: boolean;
  /** Default: no console. */
  site?: ConsoleSite | undefined;
  /** True: a function's process starts with its first call, or in the background; default: before the cloud is ready. */
  lazy?: boolean;
  /** True: a codebase is loaded again when one of its files was saved. */
  reload?: boolean;
  /** Faults that the cloud injects once it is up; default: none. */
  chaos?: ChaosOptions;
  /** Sees each request that carries an event to a function, and its answer as the function gave it; default: none. */
  watchRequest?: WatchRequest;
  /** Receives every line that the parts print; default: the lines are dropped. */
  log?: LogLine;
  /** Aborting it stops the start-up, or the running cloud. */
  signal?: AbortSignal;
}
