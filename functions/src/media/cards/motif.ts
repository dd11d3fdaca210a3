import type { Palette } from "./palette.ts";
import type { Frame } from "./svg.ts";

/** Draws the figure behind a scene's text; `scene` chooses among the figures, and `turn` (0 to 1) moves it. */
export function motif(frame: Frame, palette: Palette, scene: number, turn: number): string {
  const figures = [rings, waves, network, steps];
  const figure = figures[scene % figures.length] ?? rings;
  return `<g opacity="0.5">${figure(frame, palette, turn)}</g>`;
}

function rings({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const [cx, cy, unit] = [width * 0.86, height * 0.26, Math.min(width, height) / 12];
  const circles = Array.from({ length: 6 }, (_, index) => {
    const radius = unit * (index + 1 + turn);
    return `<circle cx="${cx}" cy="${cy}" r="${radius.toFixed(1)}" fill="none" stroke="${accent}" stroke-width="3" opacity="${(0.9 - index * 0.13).toFixed(2)}"/>`;
  });
  return circles.join("");
}

function waves({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const lines = Array.from({ length: 7 }, (_, index) => {
    const y = height * (0.08 + index * 0.055);
    const points = Array.from({ length: 41 }, (_, place) => {
      const x = width * (0.55 + place * 0.0125);
      const swing = Math.sin(place / 4 + index * 0.6 + turn * Math.PI) * height * 0.022;
      return `${x.toFixed(1)},${(y + swing).toFixed(1)}`;
    });
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${accent}" stroke-width="3" opacity="${(0.9 - index * 0.1).toFixed(2)}"/>`;
  });
  return lines.join("");
}

/** Knots at fixed places, joined when they are near each other. */
function network({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const unit = Math.min(width, height);
  const knots = Array.from({ length: 12 }, (_, index) => {
    const angle = index * 2.4 + turn * 0.5;
    const radius = unit * 0.055 * Math.sqrt(index + 1) * 1.6;
    return { x: width * 0.84 + Math.cos(angle) * radius, y: height * 0.28 + Math.sin(angle) * radius };
  });
  const lines = knots.flatMap((one, index) =>
    knots
      .slice(index + 1)
      .filter((other) => Math.hypot(one.x - other.x, one.y - other.y) < unit * 0.2)
      .map((other) => {
        const [x1, y1, x2, y2] = [one.x, one.y, other.x, other.y].map((value) => value.toFixed(1));
        return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${accent}" stroke-width="2" opacity="0.6"/>`;
      }),
  );
  const dots = knots.map(
    ({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(unit / 90).toFixed(1)}" fill="${accent}"/>`,
  );
  return [...lines, ...dots].join("");
}

function steps({ width, height }: Frame, { accent }: Palette, turn: number): string {
  const bars = Array.from({ length: 7 }, (_, index) => {
    const barHeight = height * (0.07 + 0.05 * index * (0.8 + 0.2 * turn));
    const [x, y] = [width * (0.62 + index * 0.05), height * 0.48 - barHeight];
    const opacity = (0.35 + index * 0.08).toFixed(2);
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(width * 0.034).toFixed(1)}" height="${barHeight.toFixed(1)}" rx="6" fill="${accent}" opacity="${opacity}"/>`;
  });
  return bars.join("");
}
