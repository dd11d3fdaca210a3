import type { Cue } from "./captions.ts";

const LINE_CHARS = 42;

/** Writes captions as a WebVTT file: https://www.w3.org/TR/webvtt1/ */
export function toWebVtt(cues: readonly Cue[], language: string): string {
  const blocks = cues.map(({ startMs, endMs, text }, index) =>
    [String(index + 1), `${timestamp(startMs)} --> ${timestamp(endMs)}`, ...twoLines(escapeCue(text))].join("\n"),
  );
  return `${[`WEBVTT\nLanguage: ${language}`, ...blocks].join("\n\n")}\n`;
}

function timestamp(ms: number): string {
  const whole = Math.round(ms);
  const digits = (value: number, places = 2) => String(value).padStart(places, "0");
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1000) % 60,
  ];
  return `${digits(hours)}:${digits(minutes)}:${digits(seconds)}.${digits(whole % 1000, 3)}`;
}

/** A cue's text cannot hold markup, an arrow or an empty line. */
function escapeCue(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Breaks a text that is too long for one line at the blank nearest to its middle. */
function twoLines(text: string): string[] {
  if (text.length <= LINE_CHARS) return [text];
  const middle = text.length / 2;
  const blanks = [...text.matchAll(/ /g)].map(({ index }) => index);
  const [blank] = blanks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return blank === undefined ? [text] : [text.slice(0, blank), text.slice(blank + 1)];
}
