// Kills the children of a local cloud whose main process died without stopping them (SIGKILL, a crash, a closed
// terminal). It reads `+pid` and `-pid` lines; the end of its input means that the main process is gone. It misses a
// process that was starting in that moment, and whose line was never written.
import { lineSplitter } from "./log.ts";

const pids = new Set<number>();
const lines = lineSplitter((line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) pids.add(pid);
  else pids.delete(pid);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => lines.push(chunk));
process.stdin.on("close", () => {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
});
