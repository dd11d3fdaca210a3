import type { Preset } from "./preset.ts";

/** A video in full HD with all that belongs to it. Its captions are a file, so that viewers choose. */
export const premium: Preset = {
  name: "premium",
  description: "1080p, 60 s, with a music bed, a storyboard, subtitles and a thumbnail.",
  frame: { width: 1920, height: 1080 },
  seconds: { least: 60, most: 60 },
  maxContentChars: 20_000,
  stages: [
    { stage: "analysis", estimateSeconds: 1, limitSeconds: 30 },
    { stage: "script", sceneSeconds: 7, estimateSeconds: 1, limitSeconds: 60 },
    { stage: "storyboard", columns: 3, estimateSeconds: 1, limitSeconds: 60 },
    { stage: "music", mood: "calm", estimateSeconds: 1, limitSeconds: 30 },
    { stage: "narration", estimateSeconds: 2, limitSeconds: 90 },
    { stage: "sound", estimateSeconds: 4, limitSeconds: 120 },
    { stage: "subtitles", estimateSeconds: 1, limitSeconds: 30 },
    { stage: "video", captions: false, estimateSeconds: 60, limitSeconds: 420 },
    { stage: "thumbnail", estimateSeconds: 1, limitSeconds: 60 },
    { stage: "review", durationShare: 0.05, loudnessLu: 1, estimateSeconds: 8, limitSeconds: 120 },
    { stage: "delivery", estimateSeconds: 1, limitSeconds: 30 },
  ],
};
