import type { Preset } from "./preset.ts";

/** A short upright video for social networks. Without music, so it lasts no longer than its words. */
export const quickSocial: Preset = {
  name: "quick-social",
  description: "Upright (9:16), up to 15 s, captions in the picture.",
  frame: { width: 720, height: 1280 },
  seconds: { least: 1, most: 15 },
  maxContentChars: 5000,
  stages: [
    { stage: "analysis", estimateSeconds: 1, limitSeconds: 30 },
    { stage: "script", sceneSeconds: 5, estimateSeconds: 1, limitSeconds: 60 },
    { stage: "narration", estimateSeconds: 1, limitSeconds: 60 },
    { stage: "sound", estimateSeconds: 1, limitSeconds: 60 },
    { stage: "video", captions: true, estimateSeconds: 8, limitSeconds: 180 },
    { stage: "review", durationShare: 0.1, loudnessLu: 1, estimateSeconds: 1, limitSeconds: 60 },
    { stage: "delivery", estimateSeconds: 1, limitSeconds: 30 },
  ],
};
