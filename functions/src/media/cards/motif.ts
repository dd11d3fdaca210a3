import type { Palette } from "./palette.ts";
import { type Frame, shape } from "./svg.ts";

/** Draws the figure behind a scene's text; `scene` chooses among the figures, and `turn` (0 to 1) moves it. */
export function motif(frame: Frame, palette: Palette, scene: number, turn: number): string {
  const figures = [rings, waves, network, steps];
  const figure = figures[scene % figures.length] ?? rings;
  return `<g opacity="0.5">${figure(frame, palette, turn)}</g>`;
}

function rings({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const [cx, cy, unit] = [width * 0.86, height * 0.26, Math.min(width, height) / 12];
  const line = { fill: "none", stroke: accent, "stroke-width": 3 };
  return range(6, (index) =>
    shape("circle", { cx, cy, r: unit * (index + 1 + turn), ...line, opacity: 0.9 - index * 0.13 }),
  );
}

function waves({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const line = { fill: "none", stroke: accent, "stroke-width": 3 };
  return range(7, (index) => {
    const y = height * (0.08 + index * 0.055);
    const points = Array.from({ length: 41 }, (_, place) => {
      const x = width * (0.55 + place * 0.0125);
      const swing = Math.sin(place / 4 + index * 0.6 + turn * Math.PI) * height * 0.022;
      return `${x.toFixed(1)},${(y + swing).toFixed(1)}`;
    });
    return shape("polyline", { points: points.join(" "), ...line, opacity: 0.9 - index * 0.1 });
  });
}

/** Knots on a spiral, joined when they are near each other. */
function network({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const unit = Math.min(width, height);
  const knots = Array.from({ length: 12 }, (_, index) => {
    const [angle, radius] = [index * 2.4 + turn * 0.5, unit * 0.088 * Math.sqrt(index + 1)];
    return { x: width * 0.84 + Math.cos(angle) * radius, y: height * 0.28 + Math.sin(angle) * radius };
  });
  const lines = knots.flatMap((one, index) =>
    knots
      .slice(index + 1)
      .filter((other) => Math.hypot(one.x - other.x, one.y - other.y) < unit * 0.2)
      .map((other) => {
        const ends = { x1: one.x, y1: one.y, x2: other.x, y2: other.y };
        return shape("line", { ...ends, stroke: accent, "stroke-width": 2, opacity: 0.6 });
      }),
  );
  const dots = knots.map(({ x, y }) => shape("circle", { cx: x, cy: y, r: unit / 90, fill: accent }));
  return [...lines, ...dots].join("");
}

function steps({ width, height }: Frame, { accent }: Palette, turn: number): string {
  return range(7, (index) => {
    const barHeight = height * (0.07 + 0.05 * index * (0.8 + 0.2 * turn));
    const corner = { x: width * (0.62 + index * 0.05), y: height * 0.48 - barHeight };
    const size = { width: width * 0.034, height: barHeight, rx: 6 };
    return shape("rect", { ...corner, ...size, fill: accent, opacity: 0.35 + index * 0.08 });
  });
}

function range(count: number, draw: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => draw(index)).join("");
}
