import { BaseUrl, wholeNumber } from "@baton/engine/kit";
import { z } from "zod";

/** The settings of `video.analysis`, by their names in the environment. */
export const VideoSettings = z
  .object({
    /** Base URL of the YouTube Data API v3. */
    YOUTUBE_API_BASE_URL: BaseUrl.default("https://www.googleapis.com/youtube/v3"),
    YOUTUBE_API_KEY: z.string().default(""),
    /**
     * The most pages of 100 comments that one job reads. 60 are those of 5,000 comments, and some that come half empty.
     */
    YOUTUBE_MAX_PAGES: wholeNumber(1, 500).default(60),
    /**
     * Units of quota that all jobs together spend on one day of Pacific time; a request is one. Google gives a project
     * 10,000.
     */
    YOUTUBE_UNITS_PER_DAY: wholeNumber(1, 1_000_000_000).default(10_000),
    /** The same for the jobs of one owner. */
    YOUTUBE_UNITS_PER_OWNER_PER_DAY: wholeNumber(1, 1_000_000_000).default(1000),
    /** How long a fetched video serves other jobs, in milliseconds; 0: each job fetches for itself. A day at most. */
    YOUTUBE_FRESH_MS: wholeNumber(0, 86_400_000).default(900_000),
  })
  .superRefine((settings, context) => {
    const least = settings.YOUTUBE_MAX_PAGES + 1;
    for (const name of ["YOUTUBE_UNITS_PER_DAY", "YOUTUBE_UNITS_PER_OWNER_PER_DAY"] as const) {
      const message = `is less than the ${least} that one job of YOUTUBE_MAX_PAGES may need`;
      if (settings[name] < least) context.addIssue({ code: "custom", path: [name], message });
    }
  });
export type VideoSettings = z.infer<typeof VideoSettings>;
