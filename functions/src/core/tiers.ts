/** What one owner may use. Tiers are named sets of these; an owner has one by the custom claim `tier`. */
export interface Limits {
  /** Accepted submissions in one minute of the clock, and in one day of UTC. */
  jobsPerMinute: number;
  jobsPerDay: number;
  /** Jobs that run, or are queued to run, at the same time; more wait as `pending`. */
  runningJobs: number;
  /** Largest input of a job, as UTF-8 JSON. At most 921,600 (900 KiB). */
  maxInputBytes: number;
  /** How long a job, its result and its steps are kept after its end. */
  retentionDays: number;
  /** Webhook endpoints. */
  endpoints: number;
  /** Test events, resends and recoveries asked for in a minute, over all endpoints; a sixth of it at once. */
  sendsPerMinute: number;
}

/** Limits by the name of the tier; `free` is there in any case. */
export type Tiers = { readonly free: Limits } & Readonly<Record<string, Limits>>;

/** Where a deployment names no others. Starting points of our own, not measurements: `free` for a person at a screen, `pro` for a program. */
export const DEFAULT_TIERS: Tiers = {
  free: {
    jobsPerMinute: 60,
    jobsPerDay: 1000,
    runningJobs: 5,
    maxInputBytes: 921_600,
    retentionDays: 30,
    endpoints: 5,
    sendsPerMinute: 60,
  },
  pro: {
    jobsPerMinute: 600,
    jobsPerDay: 50_000,
    runningJobs: 50,
    maxInputBytes: 921_600,
    retentionDays: 90,
    endpoints: 20,
    sendsPerMinute: 600,
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
