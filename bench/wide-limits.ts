/** The limits of a tier that stand in no benchmark's way: of requests, submissions and bytes. */
export const WIDE_LIMITS = {
  jobsPerMinute: 1_000_000,
  jobsPerDay: 1_000_000,
  inputBytesPerDay: 1_000_000_000_000,
  requestsPerMinute: 1_000_000,
};
