import { FinalStatus, LifecycleEventType } from "@baton/protocol";
import { z } from "zod";
import {
  type Access,
  type ClaimValue,
  DEFAULT_ACCESS,
  DEFAULT_ADMIN_CLAIM,
  DEFAULT_TIER_CLAIM,
} from "../accounts/access.ts";
import { AccessJson } from "../accounts/access-setting.ts";
import { ClaimName, ClaimText } from "../accounts/claim-setting.ts";
import { DEFAULT_TIERS, type Tiers } from "../accounts/tiers.ts";
import { DEFAULT_TIMING, type Timing } from "../jobs/rules/timing.ts";
import {
  BaseUrl,
  JsonText,
  readSettings,
  type Environment as Variables,
  wholeNumber as whole,
} from "../kit/settings.ts";
import { isOwnCollection } from "../platform/firestore/collections.ts";
import { EgressSettings } from "../webhooks/egress/egress-settings.ts";
import { SecretBoxError, secretBox } from "../webhooks/signing/secret-box.ts";
import { namePrefixOf } from "./name-prefix.ts";
import { TierSettings, withTiers } from "./tier-settings.ts";

/** Encryption keys as a secret box takes them: a malformed list is found when a function starts, not by the first secret. */
const EncryptionKeys = z.string().superRefine((text, context) => {
  try {
    secretBox(text);
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error;
    context.addIssue(error.message);
  }
});

/** The name of a collection that mail is written to. */
export const MailCollection = z
  .string()
  .regex(/^(?!__)[\w-]{0,100}$/, "is not the name of a collection: letters, digits, _ and -, not __ at its beginning")
  .refine((name) => !isOwnCollection(name), "is a collection that Baton keeps");

/** The name of a bucket of Cloud Storage. */
export const BucketName = z.string().regex(/^([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])?$/, "is not the name of a bucket");

/** The environment of a deployed function, in its own names. Secrets come from Secret Manager, the rest from `.env`. */
const Environment = z.object({
  ...EgressSettings.shape,
  /** Where the functions run: the CLI asks for it once, and sets it. */
  BATON_REGION: z.string().default(""),
  /** The resource that a function is, with its region: `projects/P/locations/R/services/baton-api`. The CLI sets it. */
  EVENTARC_CLOUD_EVENT_SOURCE: z.string().default(""),
  /** At least 32 characters; every owner's webhook secret is derived from it. Empty where no webhook is signed. */
  WEBHOOK_MASTER_SECRET: z
    .string()
    .refine((secret) => secret === "" || secret.length >= 32, "has fewer than 32 characters, chosen at random")
    .refine((secret) => secret === "" || new Set(secret).size >= 8, "has fewer than 8 different characters")
    .default(""),
  /** Encrypts endpoints' secrets: `id:base64,id:base64`, the newest first, each 32 bytes. Empty where there are no endpoints. */
  WEBHOOK_ENCRYPTION_KEYS: EncryptionKeys.default(""),
  /** Collection of the function kit firestore-send-email, through which owners are told of failing endpoints. Empty: no mail. */
  MAIL_COLLECTION: MailCollection.default(""),
  /** Types of events that topic `baton-events` gets, separated by commas. Empty: none. */
  EVENT_TYPES: z
    .string()
    .transform((text) => text.split(",").filter((type) => type !== ""))
    .pipe(z.array(LifecycleEventType))
    .default([]),
  /** Bucket of Cloud Storage that keeps files: `my-project.firebasestorage.app`. Empty where jobs have no files. */
  FILES_BUCKET: BucketName.default(""),
  /** The local cloud only: address of its Pub/Sub, `127.0.0.1:8085`. Empty: Pub/Sub itself. */
  PUBSUB_EMULATOR_HOST: z
    .string()
    .regex(/^([\w.-]+:\d{1,5})?$/, "is not a host and a port")
    .default(""),
  /** The local cloud only: address of its storage, `http://127.0.0.1:9199`. Empty: Cloud Storage. */
  STORAGE_EMULATOR_HOST: z.union([z.literal(""), BaseUrl]).default(""),
  /** How long a worker that stopped reporting keeps its job. */
  LEASE_MS: whole(1000, 600_000).default(60_000),
  /** How long an invocation of the worker may take: at most the `timeoutSeconds` of the worker functions, which end it there. */
  WORKER_TIMEOUT_MS: whole(1000, 540_000).default(540_000),
  /**
   * The limits of owners by tier, e.g. `{"free": {"jobsPerDay": 100}, "team": {"activeJobs": 20}}`; see `Limits`.
   */
  TIERS: JsonText.pipe(TierSettings).default({}),
  /** The custom claim of an admin's ID token; `batonIsAdmin` in `firestore.rules` has to ask for the same. */
  ADMIN_CLAIM: ClaimText.default(DEFAULT_ADMIN_CLAIM),
  /** The name of the custom claim whose value is an owner's tier. */
  TIER_CLAIM: ClaimName.default(DEFAULT_TIER_CLAIM),
  /** Requests without a user that one network may send an instance of the API in a minute. */
  NETWORK_REQUESTS_PER_MINUTE: whole(1, 10_000_000).default(600),
  /** Proxies of the deployment between its clients and Google's front end, each of which adds an address to X-Forwarded-For. */
  TRUSTED_PROXIES: whole(0, 10).default(0),
  /** Who may use the API, e.g. `{"providers": ["google.com"], "verifiedEmail": true}`; see `Access`. */
  ACCESS: AccessJson.default(DEFAULT_ACCESS),
  /** `true`: each request asks Firebase Auth whether the user was disabled or their tokens were revoked. */
  CHECK_REVOKED: z.enum(["true", "false"]).default("false"),
  /** See `Timing`. Shorter where the sweep comes more often than once a minute. */
  MESSAGE_LOST_MS: whole(500, 600_000).default(DEFAULT_TIMING.messageLostMs),
  SHORT_WAIT_MS: whole(0, 600_000).default(DEFAULT_TIMING.shortWaitMs),
  CANCEL_GRACE_MS: whole(1000, 600_000).default(DEFAULT_TIMING.cancelGraceMs),
  /** How far ahead a run of the sweep waits for what becomes due: a little less than the time between two runs. */
  SWEEP_LOOK_AHEAD_MS: whole(0, 55_000).default(50_000),
  /** `true` in the local cloud only: the sweep deletes what Firestore's TTL policies delete elsewhere, without an index. */
  DELETE_EXPIRED: z.enum(["true", "false"]).default("false"),
});

/** The settings of the functions, read from the environment. */
export interface Config {
  projectId: string;
  /** The Firestore database that has the documents. */
  database: string;
  publicApiUrl: string;
  webhooks: {
    masterSecret: string;
    encryptionKeys: string;
    allowLoopback: boolean;
    /** Absent: every port of loopback, where loopback is allowed. */
    loopbackPorts?: number[];
    ownHosts: string[];
  };
  /** The collection that mail is written to; empty where none is sent. */
  mailCollection: string;
  /** The types of events that are published. */
  eventTypes: LifecycleEventType[];
  /** `host:port` of the emulator of Pub/Sub; empty where there is none. */
  pubsubEmulator: string;
  /** Where files are kept; `bucket` is empty where there are none, `emulator` where it is Cloud Storage itself. */
  files: { bucket: string; emulator: string };
  leaseMs: number;
  workerTimeoutMs: number;
  tiers: Tiers;
  /** How ID tokens are verified, and what they may do. */
  auth: { adminClaim: ClaimValue; tierClaim: string; access: Access; checkRevoked: boolean };
  /** Limits of the API by the caller's network. */
  perNetwork: { requestsPerMinute: number; trustedProxies: number };
  timing: Timing;
  sweep: { lookAheadMs: number; deleteExpired: boolean };
}

/** Settings from the code of a deployment, where the environment has none. */
export interface ConfigDefaults {
  region?: string;
  tiers?: TierSettings;
  /** Not for the environment: the trigger of a function names the same database. */
  database?: string;
}

/** Gives the region of the functions: that of this one, where it is deployed. Empty where nothing names one. */
export function regionOf(
  env: { EVENTARC_CLOUD_EVENT_SOURCE?: string; BATON_REGION?: string },
  inCode: string | undefined,
): string {
  const [, deployed] = /^projects\/[^/]+\/locations\/([^/]+)\//.exec(env.EVENTARC_CLOUD_EVENT_SOURCE ?? "") ?? [];
  return deployed ?? inCode ?? env.BATON_REGION ?? "";
}

/** Parses the environment; throws one error that names every variable that is missing or wrong. */
export function readConfig(environment: Variables, defaults: ConfigDefaults = {}): Config {
  const env = readSettings(Environment, environment, "Baton");
  const region = regionOf(env, defaults.region);
  const api = `${namePrefixOf(environment)}baton-api`;
  return {
    projectId: env.GCLOUD_PROJECT,
    database: defaults.database ?? "(default)",
    publicApiUrl: env.PUBLIC_API_URL ?? `https://${region}-${env.GCLOUD_PROJECT}.cloudfunctions.net/${api}`,
    webhooks: {
      masterSecret: env.WEBHOOK_MASTER_SECRET,
      encryptionKeys: env.WEBHOOK_ENCRYPTION_KEYS,
      allowLoopback: env.WEBHOOK_ALLOW_LOOPBACK === "true",
      ...(env.WEBHOOK_LOOPBACK_PORTS && { loopbackPorts: env.WEBHOOK_LOOPBACK_PORTS }),
      ownHosts: env.WEBHOOK_OWN_HOSTS,
    },
    mailCollection: env.MAIL_COLLECTION,
    eventTypes: env.EVENT_TYPES,
    pubsubEmulator: env.PUBSUB_EMULATOR_HOST,
    files: { bucket: env.FILES_BUCKET, emulator: env.STORAGE_EMULATOR_HOST },
    leaseMs: env.LEASE_MS,
    workerTimeoutMs: env.WORKER_TIMEOUT_MS,
    tiers: withTiers(withTiers(DEFAULT_TIERS, defaults.tiers ?? {}), env.TIERS),
    auth: {
      adminClaim: env.ADMIN_CLAIM,
      tierClaim: env.TIER_CLAIM,
      access: env.ACCESS,
      checkRevoked: env.CHECK_REVOKED === "true",
    },
    perNetwork: { requestsPerMinute: env.NETWORK_REQUESTS_PER_MINUTE, trustedProxies: env.TRUSTED_PROXIES },
    timing: {
      messageLostMs: env.MESSAGE_LOST_MS,
      shortWaitMs: env.SHORT_WAIT_MS,
      cancelGraceMs: env.CANCEL_GRACE_MS,
      announcedEnds: FinalStatus.options.filter((status) => env.EVENT_TYPES.includes(`job.${status}`)),
    },
    sweep: { lookAheadMs: env.SWEEP_LOOK_AHEAD_MS, deleteExpired: env.DELETE_EXPIRED === "true" },
  };
}
