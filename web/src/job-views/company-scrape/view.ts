import type { TypeView } from "../type-view.ts";

/** Shows the jobs of type `company.scrape`. */
export const companyScrapeView: TypeView = {
  steps: [
    { step: "site", label: "Site", doing: "Finding the site" },
    { step: "overview", label: "Overview", doing: "Reading what the company does" },
    { step: "contacts", label: "Contacts", doing: "Reading addresses and contacts" },
    { step: "technology", label: "Technology", doing: "Listing technologies" },
    { step: "financial", label: "Financial", doing: "Reading public filings" },
    { step: "people", label: "People", doing: "Reading people and openings" },
    { step: "news", label: "News", doing: "Reading the latest news" },
  ],
  advice: new Map([
    ["url-refused", "Give the public address of a site: https or http, on its usual port."],
    ["dns-failed", "Check the spelling of the name. The domain has no address, or is not registered."],
    ["tls-failed", "Open the site in a browser. If its certificate is broken, try the address with http."],
    ["site-unreachable", "Open the site in a browser. If it is down, submit the job again later."],
    ["site-timeout", "The site is slow now. Submit the job again later."],
    ["site-busy", "Other jobs are reading the same site. Submit the job again in a few minutes."],
    ["site-blocked", "The site lets no robots in. Its owner can allow BatonScrape."],
    ["robots-disallowed", "The owner of the site asks robots to stay out, and this one does."],
    ["page-not-found", "Check the address: the site has no such page."],
  ]),
  isInputShown: true,
  loadForm: async () => (await import("./new-scrape.tsx")).NewScrape,
  loadResult: async () => (await import("./profile-result.tsx")).ProfileResult,
};
