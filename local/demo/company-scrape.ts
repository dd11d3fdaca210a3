import { CompanyProfile } from "../../functions/src/jobs/company-scrape/schemas.ts";
import type { Demo } from "./demo.ts";
import { renderProfile } from "./render-profile.ts";
import { serveSite } from "./serve-site.ts";

/** Reads a small site of this machine. The figures of listed companies are left out: they come from the internet. */
export const companyScrapeDemo: Demo = {
  timeoutMs: 90_000,
  async prepare() {
    const site = await serveSite();
    const stages = ["overview", "contacts", "technology", "people", "news"] as const;
    const input = { url: site.url, stages: [...stages], freshness: "none" as const };
    return {
      subject: `the site ${site.url}`,
      ports: [site.port],
      submit: (client, webhookUrl) => client.submit("company.scrape", input, { webhookUrl }),
      render: ({ output, width, paint }) => renderProfile(CompanyProfile.parse(output), width, paint),
      stop: site.close,
    };
  },
};
