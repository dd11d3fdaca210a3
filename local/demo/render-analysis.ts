import type { VideoAnalysisOutput } from "../../functions/src/jobs/video-analysis/schemas.ts";
import { bar, type Paint, section, shorten, wrap } from "./paint.ts";

const LABEL_WIDTH = 12;
const MAX_THEMES = 5;
const MAX_QUESTIONS = 4;

/**
 * A `video.analysis` output as a person reads it in a terminal of `width` columns; parts that were switched off are
 * left out.
 */
export function renderAnalysis(output: VideoAnalysisOutput, width: number, paint: Paint): string[] {
  return [
    ...section("In short", summaryLines(output, width), paint),
    ...section("How they feel", sentimentLines(output, width, paint), paint),
    ...section("What they say", classLines(output, width, paint), paint),
    ...section("What they talk about", themeLines(output, width, paint), paint),
    ...section("What they ask", questionLines(output, width), paint),
  ];
}

function summaryLines({ summary }: VideoAnalysisOutput, width: number): string[] {
  return summary === undefined ? [] : wrap(summary, width - 2);
}

const SENTIMENT_COLORS = { positive: "green", neutral: "cyan", negative: "red" } as const;

function sentimentLines({ sentiment, comments }: VideoAnalysisOutput, width: number, paint: Paint): string[] {
  if (sentiment === undefined) return [];
  const names = ["positive", "neutral", "negative"] as const;
  return names.map((name) =>
    barLine(name, sentiment[name], comments.length, width, (text) => paint(SENTIMENT_COLORS[name], text)),
  );
}

function classLines({ classes, comments }: VideoAnalysisOutput, width: number, paint: Paint): string[] {
  const found = Object.entries(classes ?? {}).filter(([, count]) => count > 0);
  const sorted = found.toSorted(([, left], [, right]) => right - left);
  return sorted.map(([name, count]) =>
    barLine(name, count, comments.length, width, (text) => paint(name === "spam" ? "yellow" : "cyan", text)),
  );
}

function barLine(label: string, count: number, total: number, width: number, color: (text: string) => string): string {
  const fraction = total === 0 ? 0 : count / total;
  const room = Math.max(10, width - LABEL_WIDTH - 16);
  const drawn = bar(fraction, room);
  const share = `${Math.round(fraction * 100)}%`;
  return `${label.padEnd(LABEL_WIDTH)}${color(drawn)}${drawn === "" ? "" : " "}${count} (${share})`;
}

function themeLines({ insights }: VideoAnalysisOutput, width: number, paint: Paint): string[] {
  return (insights?.themes ?? []).slice(0, MAX_THEMES).flatMap((theme) => {
    const mood = theme.sentiment === undefined ? "" : paint(SENTIMENT_COLORS[theme.sentiment], ` ${theme.sentiment}`);
    const example = theme.examples[0]?.text;
    const quote = example === undefined ? [] : [paint("dim", `  “${shorten(example, width - 8)}”`)];
    return [`${theme.label}  ${theme.count} ${theme.count === 1 ? "comment" : "comments"}${mood}`, ...quote];
  });
}

function questionLines({ insights }: VideoAnalysisOutput, width: number): string[] {
  return (insights?.topQuestions ?? []).slice(0, MAX_QUESTIONS).map(({ text }) => `? ${shorten(text, width - 6)}`);
}
