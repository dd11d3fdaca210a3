import { EgressSettings } from "@baton/engine/egress/settings";
import { BaseUrl } from "@baton/engine/kit";
import type { z } from "zod";

/** The settings of job types that fetch pages, by their names in the environment. */
export const RobotSettings = EgressSettings.extend({
  /** The page that tells the owners of sites about the robot: its user agent names it. Default: `/robot.html` of the console. */
  SCRAPE_CONTACT_URL: BaseUrl.optional(),
});
export type RobotSettings = z.infer<typeof RobotSettings>;

/** The name by which robots.txt files address the robot. */
export const ROBOT_NAME = "BatonScrape";

/** The user agent of the requests: the robot's name, and the page about it. */
export function userAgentOf({
  SCRAPE_CONTACT_URL,
  GCLOUD_PROJECT,
}: Pick<RobotSettings, "SCRAPE_CONTACT_URL" | "GCLOUD_PROJECT">): string {
  return `${ROBOT_NAME}/1.0 (+${SCRAPE_CONTACT_URL ?? `https://${GCLOUD_PROJECT}.web.app/robot.html`})`;
}
