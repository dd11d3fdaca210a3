import type { KeptVideo, VideoCache } from "../../functions/src/jobs/video-analysis/video-cache.ts";

/** A cache of videos in memory. */
export function memoryVideoCache(): VideoCache {
  const videos = new Map<string, KeptVideo>();
  return {
    read: async (id) => structuredClone(videos.get(id)),
    async keep(id, video) {
      videos.set(id, structuredClone(video));
    },
  };
}
