import type { JobView } from "@baton/client";
import { bar, type Paint } from "./paint.ts";

const BAR_WIDTH = 30;

/** A job's progress on one line. */
function progressLine(job: JobView, paint: Paint): string {
  const filled = bar(job.progress, BAR_WIDTH);
  const rest = paint("dim", "░".repeat(BAR_WIDTH - [...filled].length));
  const step = job.step !== undefined && job.status === "processing" ? `  ${job.step}` : "";
  return `  ${paint("green", filled)}${rest} ${String(Math.round(job.progress * 100)).padStart(3)}%  ${job.status}${step}`;
}

/** Draws progress over itself on a terminal; elsewhere one line for each change. */
export function progressPrinter(stream: NodeJS.WriteStream, paint: Paint): { show(job: JobView): void; end(): void } {
  let last = "";
  return {
    show(job) {
      const line = progressLine(job, paint);
      if (line === last) return;
      last = line;
      stream.write(stream.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    end() {
      if (stream.isTTY && last !== "") stream.write("\n");
    },
  };
}
