import { type FfmpegScope, runFfmpeg } from "./ffmpeg.ts";
import { MediaError } from "./media-error.ts";

/** A stretch of time. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** The properties of a media file, as ffmpeg decodes it. */
export interface Measurements {
  durationMs: number;
  audioCodec?: string;
  videoCodec?: string;
  width?: number;
  height?: number;
  /** Integrated loudness (EBU R 128). */
  lufs?: number;
  truePeakDb?: number;
  /** Where the sound is below -50 dB for 0.4 s and more. */
  silences: Span[];
  /** Where the picture is black, for two frames and more. */
  blacks: Span[];
}

/** Decodes a whole file once and measures it. */
export async function measureMedia(file: string, scope: FfmpegScope): Promise<Measurements> {
  const audio = "ebur128=peak=true:framelog=verbose,silencedetect=noise=-50dB:d=0.4";
  const report = await runFfmpeg(
    ["-i", file, "-af", audio, "-vf", "blackdetect=d=0.08:pix_th=0.10", "-f", "null", "-"],
    scope,
  );
  return readReport(report);
}

/** Reads the report that ffmpeg writes for `measureMedia`. */
function readReport(report: string): Measurements {
  const duration = /Duration: (\d+):(\d+):(\d+\.\d+)/.exec(report);
  if (!duration) throw new MediaError("ffmpeg-failed", `ffmpeg tells no duration: ${report.slice(-300)}`);
  const durationMs = 1000 * (Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3]));
  // The input's streams come before those of the null output.
  const video = /Stream #0:\d.*?: Video: (\w+).*?, (\d+)x(\d+)/.exec(report);
  const audioCodec = /Stream #0:\d.*?: Audio: (\w+)/.exec(report)?.[1];
  return {
    durationMs,
    ...(audioCodec !== undefined && { audioCodec }),
    ...(video?.[1] !== undefined && { videoCodec: video[1], width: Number(video[2]), height: Number(video[3]) }),
    ...readLoudness(report),
    silences: silencesIn(report, durationMs),
    blacks: [...report.matchAll(/black_start:([\d.]+) black_end:([\d.]+)/g)].map(([, from, to]) => spanOf(from, to)),
  };
}

/** Reads the summary of ffmpeg's filter `ebur128`. */
export function readLoudness(report: string): Pick<Measurements, "lufs" | "truePeakDb"> {
  const summary = report.slice(report.lastIndexOf("Summary:"));
  const lufs = /I:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1];
  const truePeakDb = /Peak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1];
  return {
    ...(lufs !== undefined && { lufs: Number(lufs) }),
    ...(truePeakDb !== undefined && { truePeakDb: Number(truePeakDb) }),
  };
}

/** A silence that lasts to the end has no line of its own for that. */
function silencesIn(report: string, durationMs: number): Span[] {
  const starts = [...report.matchAll(/silence_start: (-?[\d.]+)/g)].map(([, at]) => at);
  const ends = [...report.matchAll(/silence_end: ([\d.]+)/g)].map(([, at]) => at);
  return starts.map((start, index) => spanOf(start, ends[index] ?? String(durationMs / 1000)));
}

function spanOf(from: string | undefined, to: string | undefined): Span {
  return { fromMs: Math.max(0, Math.round(1000 * Number(from))), toMs: Math.round(1000 * Number(to)) };
}
