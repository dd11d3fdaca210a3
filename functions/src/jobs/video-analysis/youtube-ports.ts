import { log } from "@baton/engine/kit";
import { Firestore } from "@google-cloud/firestore";
import type { YouTubePorts } from "./fetch-material.ts";
import { firestoreUnitBudget } from "./firestore-unit-budget.ts";
import { firestoreVideoCache } from "./firestore-video-cache.ts";
import type { VideoSettings } from "./settings.ts";
import { sharedVideos } from "./shared-videos.ts";

let made: { settings: VideoSettings; ports: YouTubePorts } | undefined;

/** YouTube as the jobs of this process share it: its quota and the videos fetched lately. Made at the first call. */
export function youtubePorts(settings: VideoSettings): YouTubePorts {
  if (made?.settings !== settings) made = { settings, ports: portsOf(settings) };
  return made.ports;
}

function portsOf(settings: VideoSettings): YouTubePorts {
  const freshMs = settings.YOUTUBE_FRESH_MS;
  const database = new Firestore();
  const now = () => new Date();
  const limits = { perDay: settings.YOUTUBE_UNITS_PER_DAY, perOwnerPerDay: settings.YOUTUBE_UNITS_PER_OWNER_PER_DAY };
  return {
    baseUrl: settings.YOUTUBE_API_BASE_URL,
    apiKey: settings.YOUTUBE_API_KEY,
    maxPages: settings.YOUTUBE_MAX_PAGES,
    share: {
      budget: firestoreUnitBudget(database, limits),
      now,
      random: Math.random,
      ...(freshMs > 0 && { videos: sharedVideos(firestoreVideoCache(database, freshMs, log), freshMs, now) }),
    },
  };
}
