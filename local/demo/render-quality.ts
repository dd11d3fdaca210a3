import type { Quality } from "../../functions/src/media/quality-findings.ts";
import type { Paint } from "./paint.ts";

const LABEL_WIDTH = 14;

/** Lists the measurements of a video: passed or not, and what was measured. */
export function qualityLines({ checks }: Quality, paint: Paint): string[] {
  return checks.map(({ name, isPassed, measured }) => {
    const mark = isPassed ? paint("green", "✔") : paint("red", "✘");
    return `${mark} ${name.padEnd(LABEL_WIDTH)}${measured}`;
  });
}
