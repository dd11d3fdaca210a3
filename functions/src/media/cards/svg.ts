import type { TextLines } from "../text-layout.ts";

/** A size in pixels; both even, as H.264 needs them. */
export interface Frame {
  width: number;
  height: number;
}

/** Escapes a text for SVG, and drops what XML cannot hold. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** A complete SVG document of the frame's size. */
export function svgDocument({ width, height }: Frame, content: string): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Inter">${content}</svg>`;
}

/** An element without content; numbers are rounded to hundredths. */
export function shape(name: string, attributes: Readonly<Record<string, string | number>>): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    return `${key}="${typeof value === "number" ? Number(value.toFixed(2)) : escapeXml(value)}"`;
  });
  return `<${name} ${written.join(" ")}/>`;
}

/** Where and how lines are drawn. */
export interface TextPlace {
  x: number;
  /** Baseline of the first line. */
  y: number;
  weight: number;
  fill: string;
  anchor?: "start" | "middle";
  opacity?: number;
}

/** Distance of two baselines, as a share of the size. */
export const LINE_HEIGHT = 1.22;

/** Draws lines of text, one below the other. */
export function textBlock({ lines, size }: TextLines, place: TextPlace): string {
  const { x, y, weight, fill, anchor = "start", opacity = 1 } = place;
  const style = `font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}" opacity="${opacity}"`;
  const spans = lines.map((line, index) => {
    const baseline = (y + index * size * LINE_HEIGHT).toFixed(1);
    return `<text x="${x}" y="${baseline}" ${style}>${escapeXml(line)}</text>`;
  });
  return spans.join("");
}
