import type { LifecycleEventType } from "@baton/protocol";
import type { JobType } from "../job-types/define-job.ts";
import type { QueueOptions } from "../job-types/queue.ts";
import type { Setting } from "../job-types/setting.ts";
import type { FunctionName } from "./function-names.ts";
import type { TierSettings } from "./tier-settings.ts";

/** Functions whose number of instances is an option of its own: that of a worker is set with its queue. */
export type LimitedFunction = Exclude<FunctionName, "worker">;

/**
 * The options of a deployment. Where an operator decides, give a parameter of `firebase-functions/params` in place of a
 * value.
 */
export interface BatonOptions {
  /** Every job type of the deployment. */
  jobs: readonly JobType[];
  /** Queues besides `default`, and other machines for `default`: memory, CPU, concurrency and instances of each. */
  queues?: Readonly<Record<string, QueueOptions>>;
  /** Limits of owners by tier, over the built-in ones of `free` and `pro`. The setting `TIERS` goes over these. */
  tiers?: TierSettings;
  /**
   * Region of every function. Absent: that of `setGlobalOptions`, else the parameter `BATON_REGION`, which the Firebase
   * CLI asks for once.
   */
  region?: Setting<string>;
  /**
   * The Firestore database that has Baton's documents and those that job types write. Absent: `(default)`, the app's own.
   */
  database?: Setting<string>;
  /**
   * Most instances of each function, or of some of them, in place of their defaults. A worker's are set with its queue.
   */
  maxInstances?: Setting<number> | Readonly<Partial<Record<LimitedFunction, Setting<number>>>>;
  /**
   * Webhooks to URLs of owners. They need the secrets `WEBHOOK_MASTER_SECRET` and `WEBHOOK_ENCRYPTION_KEYS`, which the
   * Firebase CLI asks for. Absent: no webhooks and no secrets.
   */
  webhooks?: WebhookOptions;
  /**
   * The collection that mail is written to, which the function kit `firestore-send-email` sends. The setting
   * `MAIL_COLLECTION` goes over it. Absent: no mail.
   */
  mailCollection?: Setting<string>;
  /** The bucket of Cloud Storage that keeps files. The setting `FILES_BUCKET` goes over it. Absent: jobs have no files. */
  filesBucket?: Setting<string>;
  /** The types of events that topic `baton-events` gets. The setting `EVENT_TYPES` goes over it. Absent: none. */
  eventTypes?: readonly LifecycleEventType[];
  /**
   * Whom the functions run as. `managed`: one account for the whole codebase, which the Firebase CLI makes with the roles
   * that Baton needs; no function of the codebase may name an account of its own then. A function: the e-mail in full for
   * each of Baton's functions. Absent: the project's default account.
   */
  serviceAccount?: "managed" | ((name: FunctionName) => string);
}

/** Options of webhooks. */
export interface WebhookOptions {
  /** Hosts of your own that no webhook may go to, besides those that Baton knows: `api-*-uc.a.run.app`. */
  ownHosts?: readonly string[];
}
