/** Limits of one owner. Tiers are named sets of these; an owner has one by the value of a custom claim. */
export interface Limits {
  /** Accepted submissions in one minute of the clock, and in one day of UTC. */
  jobsPerMinute: number;
  jobsPerDay: number;
  /** Bytes of the inputs of accepted submissions in one day of UTC, as UTF-8 JSON. */
  inputBytesPerDay: number;
  /** Jobs that run, or are queued to run, at the same time; more wait as `pending`. */
  activeJobs: number;
  /** Largest input of a job, as UTF-8 JSON. At most 921,600 (900 KiB). */
  maxInputBytes: number;
  /** Largest file of a job, and largest upload, in bytes. */
  maxFileBytes: number;
  /** Uploads asked for in a minute; a sixth of it at once. */
  uploadsPerMinute: number;
  /** How long a job, its result, its steps and its files are kept after its end. */
  retentionDays: number;
  /** Webhook endpoints. */
  endpoints: number;
  /** Test events, resends and recoveries asked for in a minute, over all endpoints; a sixth of it at once. */
  sendsPerMinute: number;
  /**
   * Creations, changes, rotations, deletions, disabling and enabling of endpoints in a minute, with rotations of the
   * owner's own secret; a sixth of it at once.
   */
  changesPerMinute: number;
  /** Erasures asked for in an hour; all of them at once. */
  erasuresPerHour: number;
  /** Requests to one instance of the API in a minute, besides submissions that are accepted; all of them at once. */
  requestsPerMinute: number;
}

/** Limits by the name of the tier; `free` is there in any case. */
export type Tiers = { readonly free: Limits } & Readonly<Record<string, Limits>>;

/**
 * Where a deployment names no others. Starting points of our own, not measurements: `free` for a person at a screen,
 * `pro` for a program.
 */
export const DEFAULT_TIERS: Tiers = {
  free: {
    jobsPerMinute: 60,
    jobsPerDay: 1000,
    inputBytesPerDay: 250_000_000,
    activeJobs: 5,
    maxInputBytes: 921_600,
    maxFileBytes: 100_000_000,
    uploadsPerMinute: 60,
    retentionDays: 30,
    endpoints: 5,
    sendsPerMinute: 60,
    changesPerMinute: 60,
    erasuresPerHour: 10,
    requestsPerMinute: 600,
  },
  pro: {
    jobsPerMinute: 600,
    jobsPerDay: 50_000,
    inputBytesPerDay: 10_000_000_000,
    activeJobs: 50,
    maxInputBytes: 921_600,
    maxFileBytes: 100_000_000,
    uploadsPerMinute: 600,
    retentionDays: 90,
    endpoints: 20,
    sendsPerMinute: 600,
    changesPerMinute: 600,
    erasuresPerHour: 10,
    requestsPerMinute: 6000,
  },
};

/** The limits of an owner with this claim; a claim that names no tier counts as `free`. */
export function limitsOf(tiers: Tiers, claim: string | undefined): Limits {
  return tiers[tierOf(tiers, claim)] ?? tiers.free;
}

/** The tier of an owner with this claim. */
export function tierOf(tiers: Tiers, claim: string | undefined): string {
  return claim !== undefined && Object.hasOwn(tiers, claim) ? claim : "free";
}
