import { z } from "zod";
import { limitsOf, type Tiers } from "../accounts/tiers.ts";
import { MAX_PAYLOAD_BYTES } from "../kit/payload-limits.ts";

const limit = (least: number, most: number) => z.int().min(least).max(most).exactOptional();

/** Limits of a tier. A missing one is that of the default tier of the name, else that of `free`. */
const TierLimits = z.strictObject({
  /** 0 closes an owner's account to submissions. */
  jobsPerMinute: limit(0, 1_000_000),
  jobsPerDay: limit(0, 1_000_000_000),
  inputBytesPerDay: limit(0, 1_000_000_000_000_000),
  activeJobs: limit(1, 100_000),
  maxInputBytes: limit(1, MAX_PAYLOAD_BYTES),
  /** An object of Cloud Storage has at most 5 TiB; one that a worker writes within its time has far less. */
  maxFileBytes: limit(1, 1_000_000_000_000),
  uploadsPerMinute: limit(1, 100_000),
  retentionDays: limit(1, 3650),
  /** All of an owner's deliveries of one event are created in one commit. */
  endpoints: limit(0, 100),
  sendsPerMinute: limit(1, 100_000),
  changesPerMinute: limit(1, 100_000),
  erasuresPerHour: limit(1, 1000),
  requestsPerMinute: limit(1, 10_000_000),
});

const TierName = z.string().regex(/^[\w.-]{1,64}$/, "a tier's name is 1 to 64 letters, digits, and any of _ . -");

/** Limits of tiers by name. A limit that a tier leaves out is that of the default tier of this name, else that of `free`. */
export const TierSettings = z.record(TierName, TierLimits);
export type TierSettings = z.infer<typeof TierSettings>;

/** Merges `given` into the tiers in `known`. */
export function withTiers(known: Tiers, { free, ...rest }: TierSettings): Tiers {
  const base: Tiers = { ...known, free: { ...known.free, ...free } };
  const others = Object.entries(rest).map(([name, limits]) => [name, { ...limitsOf(base, name), ...limits }]);
  return { ...base, ...Object.fromEntries(others) };
}
