/** The states that a job goes through, in their order. */
export const STATES = ["analysing", "creating", "generating", "reviewing", "delivering"] as const;
export type State = (typeof STATES)[number];

type StageName =
  | "analysis"
  | "script"
  | "storyboard"
  | "music"
  | "narration"
  | "sound"
  | "subtitles"
  | "video"
  | "thumbnail"
  | "review"
  | "delivery";

/** Facts of a stage in every preset: the state that it belongs to, and the stages that come before it. */
interface StageFacts {
  state: State;
  /** The place of its state among the states. */
  order: number;
  needs: readonly StageName[];
}

/** The facts of each stage. */
export const STAGE_FACTS: Readonly<Record<StageName, StageFacts>> = {
  analysis: inState("analysing"),
  script: inState("creating", "analysis"),
  storyboard: inState("creating", "script"),
  music: inState("creating", "script"),
  narration: inState("generating", "script"),
  sound: inState("generating", "narration"),
  subtitles: inState("generating", "narration"),
  video: inState("generating", "sound"),
  thumbnail: inState("generating", "script"),
  review: inState("reviewing", "video"),
  delivery: inState("delivering", "review"),
};

function inState(state: State, ...needs: StageName[]): StageFacts {
  return { state, order: STATES.indexOf(state), needs };
}
