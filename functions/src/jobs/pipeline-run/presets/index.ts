import { brandCampaign } from "./brand-campaign.ts";
import { premium } from "./premium.ts";
import type { Preset } from "./preset.ts";
import { quickSocial } from "./quick-social.ts";
import { STAGE_FACTS } from "./stage-facts.ts";

/** Every preset. A new one is a file in this folder, named here. */
export const PRESETS: readonly Preset[] = [quickSocial, brandCampaign, premium];

/** A preset as `GET /v1/presets` shows it: with the state of each stage, and the time of all of them. */
export function presetView({ stages, ...preset }: Preset) {
  return {
    ...preset,
    estimateSeconds: estimateOf(stages),
    stages: stages.map((stage) => ({ state: STAGE_FACTS[stage.stage].state, ...stage })),
  };
}

/** The time that stages take one after the other, by their estimates. */
export function estimateOf(stages: Preset["stages"]): number {
  return stages.reduce((sum, { estimateSeconds }) => sum + estimateSeconds, 0);
}
