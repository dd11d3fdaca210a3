/**
 * The collections that this deployment's own job types keep. No client reads them. Each document has `expireAt`, after
 * which Firestore's TTL policy deletes it: `infra/` declares the policy of each, and `firestore.indexes.json` names it.
 */
export const COLLECTIONS = {
  youtubeUnits: "youtubeUnits",
  youtubeVideos: "youtubeVideos",
  companyProfiles: "companyProfiles",
  scrapeHosts: "scrapeHosts",
  scrapeSites: "scrapeSites",
} as const;
