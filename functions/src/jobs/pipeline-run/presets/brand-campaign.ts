import type { Preset } from "./preset.ts";

/** A video for a campaign: 30 s under bright music, which fills the time that the words leave. */
export const brandCampaign: Preset = {
  name: "brand-campaign",
  description: "Wide (16:9), 30 s, with a music bed.",
  frame: { width: 1280, height: 720 },
  seconds: { least: 30, most: 30 },
  maxContentChars: 10_000,
  stages: [
    { stage: "analysis", estimateSeconds: 1, limitSeconds: 30 },
    { stage: "script", sceneSeconds: 6, estimateSeconds: 1, limitSeconds: 60 },
    { stage: "music", mood: "bright", estimateSeconds: 1, limitSeconds: 30 },
    { stage: "narration", estimateSeconds: 1, limitSeconds: 60 },
    { stage: "sound", estimateSeconds: 2, limitSeconds: 90 },
    { stage: "video", captions: true, estimateSeconds: 16, limitSeconds: 240 },
    { stage: "review", durationShare: 0.1, loudnessLu: 1, estimateSeconds: 2, limitSeconds: 60 },
    { stage: "delivery", estimateSeconds: 1, limitSeconds: 30 },
  ],
};
