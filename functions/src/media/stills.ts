import type { Cue } from "./captions.ts";
import { sceneCard } from "./cards/scene-card.ts";
import { type Frame, svgDocument } from "./cards/svg.ts";
import type { Fonts } from "./fonts.ts";

/** Frames a second of every video. */
export const FRAME_RATE = 25;
/** Frames over which one scene turns into the next. */
const FADE_FRAMES = 8;
/** The figure behind the text moves once in so many frames. */
const MOTION_FRAMES = 15;

/** A picture, and for how many frames it stands. */
export interface Still {
  svg: string;
  frames: number;
}

/** A scene as a picture shows it. Scenes touch. */
export interface DrawnScene {
  heading: string;
  note?: string;
  startMs: number;
  endMs: number;
}

/** How a video is drawn. */
export interface Drawing {
  frame: Frame;
  /** True: captions are burnt into the picture. */
  hasCaptions: boolean;
}

/**
 * Plans the pictures of a video: scene after scene, its figure in motion, its captions in their time, with a fade
 * between scenes.
 */
export function planStills(
  fonts: Fonts,
  scenes: readonly DrawnScene[],
  cues: readonly Cue[],
  drawing: Drawing,
): Still[] {
  const lastFrame = frameAt(scenes.at(-1)?.endMs ?? 0);
  const changes = new Set<number>([lastFrame]);
  for (const { startMs, endMs } of drawing.hasCaptions ? cues : []) changes.add(frameAt(startMs)).add(frameAt(endMs));
  for (const [index, { startMs, endMs }] of scenes.entries()) {
    const [from, to] = [frameAt(startMs), frameAt(endMs)];
    for (let at = from; at < to; at += MOTION_FRAMES) changes.add(at);
    if (index > 0) for (let at = 0; at <= FADE_FRAMES; at += 1) changes.add(Math.min(from + at, to));
  }
  const starts = [...changes].filter((at) => at <= lastFrame).sort((a, b) => a - b);
  return starts.slice(0, -1).map((start, index) => ({
    svg: svgDocument(drawing.frame, pictureAt(fonts, scenes, cues, drawing, start)),
    frames: (starts[index + 1] ?? lastFrame) - start,
  }));
}

function frameAt(ms: number): number {
  return Math.round((ms / 1000) * FRAME_RATE);
}

function pictureAt(
  fonts: Fonts,
  scenes: readonly DrawnScene[],
  cues: readonly Cue[],
  drawing: Drawing,
  at: number,
): string {
  const index = Math.max(
    0,
    scenes.findLastIndex(({ startMs }) => frameAt(startMs) <= at),
  );
  const cue = drawing.hasCaptions
    ? cues.find(({ startMs, endMs }) => frameAt(startMs) <= at && at < frameAt(endMs))
    : undefined;
  const draw = (place: number, caption?: string) => {
    const scene = scenes[place];
    if (scene === undefined) return "";
    const [from, to] = [frameAt(scene.startMs), frameAt(scene.endMs)];
    return sceneCard(fonts, drawing.frame, {
      ...{ scene: place, sceneCount: scenes.length, heading: scene.heading },
      ...(scene.note !== undefined && { note: scene.note }),
      ...(caption !== undefined && { caption }),
      turn: Math.min(1, (at - from) / Math.max(1, to - from)),
    });
  };
  const picture = draw(index, cue?.text);
  const faded = (at - frameAt(scenes[index]?.startMs ?? 0)) / FADE_FRAMES;
  if (index === 0 || faded >= 1) return picture;
  return `${draw(index - 1)}<g opacity="${faded.toFixed(2)}">${picture}</g>`;
}
