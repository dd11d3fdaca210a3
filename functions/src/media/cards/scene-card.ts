import type { Fonts } from "../fonts.ts";
import { fitText } from "../text-layout.ts";
import { motif } from "./motif.ts";
import { type Palette, paletteOf } from "./palette.ts";
import { escapeXml, type Frame, LINE_HEIGHT, shape, textBlock } from "./svg.ts";

/** The picture of one moment of a scene. */
export interface SceneCard {
  /** The scene's number, from 0: chooses colours and figure. */
  scene: number;
  sceneCount: number;
  heading: string;
  /** A small line below the heading, as in where it comes from. */
  note?: string;
  /** The caption burnt into the picture. */
  caption?: string;
  /** How far the scene is, 0 to 1. */
  turn: number;
}

/**
 * Draws a scene as the content of an SVG document: background, figure, heading, note and caption. Works in any
 * proportion.
 */
export function sceneCard(fonts: Fonts, frame: Frame, card: SceneCard): string {
  const palette = paletteOf(card.scene);
  return [
    background(frame, palette, card.scene),
    motif(frame, palette, card.scene, card.turn),
    heading(fonts, frame, palette, card),
    card.caption === undefined ? "" : captionBox(fonts, frame, palette, card.caption),
    dots(frame, palette, card),
  ].join("");
}

function background({ width, height }: Frame, { from, to }: Palette, scene: number): string {
  const id = `background-${scene}`;
  const stops = [from, to].map((color, offset) => shape("stop", { offset, "stop-color": color })).join("");
  const gradient = `<linearGradient id="${id}" x1="0" y1="0" x2="1" y2="1">${stops}</linearGradient>`;
  return `<defs>${gradient}</defs>${shape("rect", { width, height, fill: `url(#${id})` })}`;
}

function heading(fonts: Fonts, { width, height }: Frame, palette: Palette, card: SceneCard): string {
  const [margin, unit] = [width * 0.07, Math.min(width, height)];
  const sizes = [0.1, 0.088, 0.076, 0.066, 0.056].map((share) => Math.round(unit * share));
  const box = { width: width * (width > height ? 0.72 : 0.86), maxLines: 4, weight: 700, sizes } as const;
  const text = fitText(fonts, card.heading, box);
  const top = height * 0.3;
  const mark = { x: margin, y: top - text.size * 1.35, width: unit * 0.12, height: unit * 0.012, rx: 3 };
  const bar = shape("rect", { ...mark, fill: palette.accent });
  const lines = textBlock(text, { x: margin, y: top, weight: 700, fill: "#ffffff" });
  if (card.note === undefined) return bar + lines;
  const noteBox = { width: width * 0.86, maxLines: 1, weight: 400, sizes: [Math.round(unit * 0.034)] } as const;
  const below = top + text.lines.length * text.size * LINE_HEIGHT;
  const note = textBlock(fitText(fonts, card.note, noteBox), {
    x: margin,
    y: below,
    weight: 400,
    fill: "#ffffff",
    opacity: 0.75,
  });
  return bar + lines + note;
}

/** Lines of a caption in a box above the bottom: within the safe area, below which players draw their controls. */
function captionBox(fonts: Fonts, { width, height }: Frame, { shade }: Palette, caption: string): string {
  const unit = Math.min(width, height);
  const sizes = [0.052, 0.046, 0.04].map((share) => Math.round(unit * share));
  const isWide = width > height;
  const text = fitText(fonts, caption, { width: width * 0.8, maxLines: isWide ? 2 : 4, weight: 400, sizes });
  const textWidth = Math.max(...text.lines.map((line) => fonts.widthOf(line, text.size, 400)));
  const [padX, padY] = [text.size * 0.7, text.size * 0.45];
  const boxHeight = text.lines.length * text.size * LINE_HEIGHT + 2 * padY;
  const bottom = height * (isWide ? 0.9 : 0.82);
  const [boxWidth, top] = [textWidth + 2 * padX, bottom - boxHeight];
  const corner = { x: (width - boxWidth) / 2, y: top, rx: text.size * 0.35 };
  const box = shape("rect", { ...corner, width: boxWidth, height: boxHeight, fill: shade, opacity: 0.82 });
  const place = {
    x: width / 2,
    y: top + padY + text.size * 0.95,
    weight: 400,
    fill: "#ffffff",
    anchor: "middle",
  } as const;
  return box + textBlock(text, place);
}

/** A dot a scene; those up to this one are filled. */
function dots({ width, height }: Frame, { accent }: Palette, { scene, sceneCount }: SceneCard): string {
  const unit = Math.min(width, height);
  const [gap, radius] = [unit * 0.032, unit * 0.008];
  const start = width / 2 - ((sceneCount - 1) * gap) / 2;
  const circles = Array.from({ length: sceneCount }, (_, index) => {
    const place = { cx: start + index * gap, cy: height * 0.955, r: radius };
    return shape("circle", { ...place, fill: accent, opacity: index <= scene ? 1 : 0.3 });
  });
  return circles.join("");
}

/** Draws the picture that stands for a whole video: its title, and a line below. */
export function titleCard(fonts: Fonts, frame: Frame, title: string, note: string): string {
  const card = { scene: 0, sceneCount: 0, heading: title, note, turn: 0.6 };
  const label = `<title>${escapeXml(title)}</title>`;
  return label + sceneCard(fonts, frame, card);
}
