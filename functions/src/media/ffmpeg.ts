import { spawn } from "node:child_process";
import { once } from "node:events";
import { MediaError } from "./media-error.ts";

/** Kept end of what the program writes: the measurements, or the reason of a failure. */
const KEPT_CHARS = 64_000;
const REASON_CHARS = 600;

/** Where and how long the program runs. */
export interface FfmpegScope {
  /** The folder that relative file names in the arguments are below. */
  folder: string;
  /** Its abort kills the program at once. */
  signal: AbortSignal;
}

/**
 * Runs ffmpeg and answers the end of its report (stderr). Rejects with a `MediaError` when it fails, and with the
 * signal's reason when that aborts. When it settles, the program has ended: nothing writes to the folder any more.
 */
export async function runFfmpeg(args: readonly string[], { folder, signal }: FfmpegScope): Promise<string> {
  signal.throwIfAborted();
  const program = await ffmpegPath();
  signal.throwIfAborted();
  const child = spawn(program, ["-hide_banner", "-nostdin", "-nostats", "-y", ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  try {
    let report = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      report = (report + text).slice(-KEPT_CHARS);
    });
    const [exitCode, killedBy] = await once(child, "close").catch((cause: unknown) => {
      throw new MediaError("ffmpeg-missing", "ffmpeg does not start", { cause });
    });
    signal.throwIfAborted();
    if (exitCode === 0) return report;
    const reason = report.trim().slice(-REASON_CHARS);
    throw new MediaError("ffmpeg-failed", `ffmpeg ended with ${exitCode ?? killedBy}: ${reason}`);
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** The program comes with an npm package, outside the bundle. */
async function ffmpegPath(): Promise<string> {
  const { default: installed } = await import("@ffmpeg-installer/ffmpeg");
  return installed.path;
}
