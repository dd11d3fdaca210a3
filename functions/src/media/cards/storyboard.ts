import type { Fonts } from "../fonts.ts";
import { fitText } from "../text-layout.ts";
import { sceneCard } from "./scene-card.ts";
import { type Frame, LINE_HEIGHT, shape, svgDocument, textBlock } from "./svg.ts";

/** A scene on a storyboard. */
export interface StoryboardScene {
  heading: string;
  note?: string;
  /** The narration. */
  text: string;
  seconds: number;
}

/** How a storyboard is laid out. */
export interface StoryboardLayout {
  /** Of the video: a scene has its proportion. */
  frame: Frame;
  columns: number;
}

const CELL_WIDTH = 480;
const GAP = 32;
const TEXT_HEIGHT = 150;
const TEXT_SIZES = [20, 18, 16];
const INK = "#20242c";

/** Draws all scenes on one sheet as an SVG document: each with its number, its time and what is said. */
export function storyboardSheet(
  fonts: Fonts,
  scenes: readonly StoryboardScene[],
  { frame, columns }: StoryboardLayout,
): string {
  const [across, pictureHeight] = [Math.min(columns, scenes.length), (CELL_WIDTH * frame.height) / frame.width];
  const [stepX, stepY] = [CELL_WIDTH + GAP, pictureHeight + TEXT_HEIGHT + GAP];
  const cells = scenes.map((scene, index) => {
    const place = `translate(${GAP + (index % across) * stepX} ${GAP + Math.floor(index / across) * stepY})`;
    const card = { scene: index, sceneCount: scenes.length, heading: scene.heading, turn: 0.5 };
    const picture = sceneCard(fonts, frame, { ...card, ...(scene.note !== undefined && { note: scene.note }) });
    const startSeconds = scenes.slice(0, index).reduce((sum, { seconds }) => sum + seconds, 0);
    const label = `${index + 1} · ${clock(startSeconds)} to ${clock(startSeconds + scene.seconds)}`;
    const scaled = `<g transform="scale(${CELL_WIDTH / frame.width})">${clipped(frame, index, picture)}</g>`;
    return `<g transform="${place}">${scaled}${words(fonts, label, scene.text, pictureHeight)}</g>`;
  });
  const size = { width: even(GAP + across * stepX), height: even(GAP + Math.ceil(scenes.length / across) * stepY) };
  return svgDocument(size, shape("rect", { ...size, fill: "#f4f5f7" }) + cells.join(""));
}

/** Figures of a card may reach beyond its frame. */
function clipped(frame: Frame, index: number, picture: string): string {
  const path = `<clipPath id="cell-${index}">${shape("rect", { ...frame })}</clipPath>`;
  return `<defs>${path}</defs><g clip-path="url(#cell-${index})">${picture}</g>`;
}

function words(fonts: Fonts, label: string, text: string, top: number): string {
  const heading = { lines: [label], size: 18 };
  const body = fitText(fonts, text, { width: CELL_WIDTH, maxLines: 4, weight: 400, sizes: TEXT_SIZES });
  const y = top + heading.size * LINE_HEIGHT * 1.4;
  return (
    textBlock(heading, { x: 0, y, weight: 700, fill: INK }) +
    textBlock(body, { x: 0, y: y + body.size * LINE_HEIGHT * 1.2, weight: 400, fill: INK })
  );
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function even(pixels: number): number {
  return 2 * Math.ceil(pixels / 2);
}
