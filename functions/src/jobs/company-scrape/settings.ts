import { BaseUrl } from "@baton/engine/kit";
import { z } from "zod";
import { RobotSettings } from "../../web-pages/robot.ts";

/** The settings of `company.scrape`, by their names in the environment. */
export const ScrapeSettings = RobotSettings.extend({
  /** Base URL of the list of companies of SEC EDGAR. */
  SEC_FILES_BASE_URL: BaseUrl.default("https://www.sec.gov/files"),
  /** Base URL of the company facts of SEC EDGAR. */
  SEC_DATA_BASE_URL: BaseUrl.default("https://data.sec.gov/api/xbrl"),
  /**
   * The mail address that SEC EDGAR asks robots to name (https://www.sec.gov/os/accessing-edgar-data). Without it, its
   * servers may refuse the requests, and the stage `financial` fails.
   */
  SEC_CONTACT_EMAIL: z.union([z.literal(""), z.email()]).default(""),
});
export type ScrapeSettings = z.infer<typeof ScrapeSettings>;
