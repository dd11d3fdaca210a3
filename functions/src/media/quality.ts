import type { Cue } from "./captions.ts";
import { TARGET_LUFS } from "./loudness.ts";
import type { Measurements, Span } from "./measure-media.ts";
import type { Quality, QualityCheck } from "./quality-findings.ts";

/** The intended properties of a file. */
export interface QualityTarget {
  durationMs: number;
  /** Absent for sound alone. */
  frame?: { width: number; height: number };
  scenes: readonly { startMs: number; endMs: number }[];
  cues: readonly Cue[];
  /** How much it may differ. */
  tolerance?: QualityTolerance;
}

/** How much a file may differ from what it was meant to be. */
export interface QualityTolerance {
  /** Of the duration, as a share. */
  durationShare: number;
  /** In loudness units: https://tech.ebu.ch/docs/r/r128.pdf */
  loudnessLu: number;
}

const TOLERANCE: QualityTolerance = { durationShare: 0.1, loudnessLu: 1 };
/** A scene that is silent for more than this share of its time is silent. */
const MAX_SILENT_SHARE = 0.6;
/** The sound of a caption's words begins within this time of the caption. */
const CUE_TOLERANCE_MS = 500;

/** Judges a measured file. A check that fails is a finding, not an error: the caller decides. */
export function judgeQuality(measured: Measurements, target: QualityTarget): Quality {
  const checks = [
    durationCheck(measured, target),
    streamsCheck(measured, target),
    loudnessCheck(measured, target),
    silenceCheck(measured, target),
    ...(target.frame ? [blackFramesCheck(measured)] : []),
    subtitlesCheck(measured, target),
  ];
  return { isPassed: checks.every(({ isPassed }) => isPassed), checks };
}

function durationCheck({ durationMs }: Measurements, target: QualityTarget): QualityCheck {
  const { durationShare } = target.tolerance ?? TOLERANCE;
  return {
    name: "duration",
    isPassed: Math.abs(durationMs - target.durationMs) <= target.durationMs * durationShare,
    measured: seconds(durationMs),
    wanted: `${seconds(target.durationMs)}, ${Math.round(100 * durationShare)} % more or less`,
  };
}

function streamsCheck({ videoCodec, audioCodec, width, height }: Measurements, { frame }: QualityTarget): QualityCheck {
  const picture = videoCodec === undefined ? undefined : `${videoCodec} ${width}x${height}`;
  const wanted = frame ? `h264 ${frame.width}x${frame.height}, aac` : "aac";
  const measured = [picture, audioCodec].filter((part) => part !== undefined).join(", ");
  return { name: "streams", isPassed: measured === wanted, measured: measured || "none", wanted };
}

function loudnessCheck({ lufs }: Measurements, { tolerance = TOLERANCE }: QualityTarget): QualityCheck {
  return {
    name: "loudness",
    isPassed: lufs !== undefined && Math.abs(lufs - TARGET_LUFS) <= tolerance.loudnessLu,
    measured: lufs === undefined ? "no sound" : `${lufs} LUFS`,
    wanted: `${TARGET_LUFS} LUFS, ${tolerance.loudnessLu} more or less`,
  };
}

function silenceCheck({ silences }: Measurements, { scenes }: QualityTarget): QualityCheck {
  const silent = scenes.flatMap(({ startMs, endMs }, index) => {
    const share = overlapMs(silences, { fromMs: startMs, toMs: endMs }) / Math.max(1, endMs - startMs);
    return share > MAX_SILENT_SHARE ? [index + 1] : [];
  });
  const measured = silent.length === 0 ? "none" : `silent scenes: ${silent.join(", ")}`;
  return { name: "silence", isPassed: silent.length === 0, measured, wanted: "no silent scene" };
}

function blackFramesCheck({ blacks }: Measurements): QualityCheck {
  const measured = blacks.map(({ fromMs, toMs }) => `${seconds(fromMs)} to ${seconds(toMs)}`).join(", ");
  return { name: "black-frames", isPassed: blacks.length === 0, measured: measured || "none", wanted: "none" };
}

/** Captions come in order, within the file, and while something is said. */
function subtitlesCheck({ durationMs, silences }: Measurements, { cues }: QualityTarget): QualityCheck {
  const late = cues.filter(({ startMs, endMs }, index) => {
    const isInOrder =
      startMs < endMs && endMs <= durationMs + CUE_TOLERANCE_MS && startMs >= (cues[index - 1]?.endMs ?? 0);
    const silentMs = overlapMs(silences, { fromMs: startMs, toMs: endMs });
    return !isInOrder || silentMs > Math.max(CUE_TOLERANCE_MS, (endMs - startMs) / 2);
  });
  return {
    name: "subtitles",
    isPassed: cues.length > 0 && late.length === 0,
    measured: late.length === 0 ? `${cues.length} in time` : `${late.length} of ${cues.length} out of time`,
    wanted: "each with its words",
  };
}

function overlapMs(spans: readonly Span[], { fromMs, toMs }: Span): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs)), 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
