import type { StepWords } from "../type-view.ts";
import type { StageName, State } from "./types.ts";

const STATE_LABELS: Readonly<Record<State, string>> = {
  analysing: "Analysis",
  creating: "Creation",
  generating: "Generation",
  reviewing: "Review",
  delivering: "Delivery",
};

/** Words for each stage: its name in a table, and what the job does in it. */
const STAGE_WORDS: Readonly<Record<StageName, readonly [label: string, doing: string]>> = {
  analysis: ["Analysis", "Reading the text"],
  script: ["Script", "Writing the script"],
  storyboard: ["Storyboard", "Drawing the storyboard"],
  music: ["Music", "Composing the music"],
  narration: ["Narration", "Speaking the script"],
  sound: ["Sound", "Mixing the sound"],
  subtitles: ["Subtitles", "Writing the subtitles"],
  video: ["Video", "Making the video"],
  thumbnail: ["Thumbnail", "Drawing the thumbnail"],
  review: ["Review", "Checking the video"],
  delivery: ["Delivery", "Listing what was made"],
};

const STATES = new Map(Object.entries(STATE_LABELS));
const STAGES = new Map(Object.entries(STAGE_WORDS));

/** Gives the name of a state in words; a state of a newer server keeps its own. */
export function stateLabel(state: string): string {
  return STATES.get(state) ?? state;
}

/** Gives the name of a stage in words; a stage of a newer server keeps its own. */
export function stageLabel(stage: string): string {
  return STAGES.get(stage)?.[0] ?? stage;
}

/** The states as steps of the job, whose own `step` is `STATE: STAGE`. The stage says what it does. */
export const STATE_STEPS: readonly StepWords[] = [...STATES].map(([state, label]) => ({
  step: state,
  alsoNamed: new RegExp(`^${state}: `),
  label,
  doing: (step) => STAGES.get(step.slice(state.length + 2))?.[1] ?? step,
}));
