import type { CompanyProfile } from "../schemas.ts";
import type { Stage } from "../stages.ts";

/** A profile as it is kept. */
export interface KeptProfile {
  profile: CompanyProfile;
  /** The `maxPages` it was read with. */
  maxPages: number;
}

/** Keeps the profile of each site, by its registrable domain, for the jobs of all owners: 30 days. */
export interface ProfileCache {
  /** Reads the profile of a site; undefined when none is kept, or when it cannot be read. Never rejects. */
  read(domain: string): Promise<KeptProfile | undefined>;
  /** Keeps a profile in place of the one before. Never rejects. */
  keep(kept: KeptProfile): Promise<void>;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The demands of a job on a kept profile. */
export interface ProfileQuery {
  stages: readonly Stage[];
  maxPages: number;
  freshness: "any" | "7d" | "none";
  now: Date;
}

/**
 * True for a profile that answers the query: young enough, read as widely, and without a failed stage among those asked
 * for.
 */
export function answers({ profile, maxPages }: KeptProfile, query: ProfileQuery): boolean {
  const ageMs = query.now.getTime() - Date.parse(profile.fetchedAt);
  if (query.freshness === "none" || (query.freshness === "7d" && ageMs >= WEEK_MS)) return false;
  const failed = profile.stageErrors.map(({ stage }) => stage);
  const isWhole = query.stages.every((stage) => profile.stages.includes(stage) && !failed.includes(stage));
  return isWhole && maxPages >= query.maxPages;
}
