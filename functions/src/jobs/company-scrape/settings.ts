import { EgressSettings } from "@baton/engine/egress/settings";
import { BaseUrl } from "@baton/engine/kit";
import { z } from "zod";

/** The settings of `company.scrape`, by their names in the environment. */
export const ScrapeSettings = EgressSettings.extend({
  /** The page that tells the owners of sites about the robot: its user agent names it. Default: `/robot.html` of the console. */
  SCRAPE_CONTACT_URL: BaseUrl.optional(),
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

/** The name by which robots.txt files address the robot. */
export const ROBOT_NAME = "BatonScrape";

/** The user agent of the requests: the robot's name, and the page about it. */
export function userAgentOf({
  SCRAPE_CONTACT_URL,
  GCLOUD_PROJECT,
}: Pick<ScrapeSettings, "SCRAPE_CONTACT_URL" | "GCLOUD_PROJECT">): string {
  return `${ROBOT_NAME}/1.0 (+${SCRAPE_CONTACT_URL ?? `https://${GCLOUD_PROJECT}.web.app/robot.html`})`;
}
