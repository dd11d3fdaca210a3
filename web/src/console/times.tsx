import type { JobView } from "@baton/client";
import { useEffect, useState } from "react";
import { processingMs } from "./job-waits.ts";

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The time since `at` (ISO 8601), kept up to date, with the whole instant on hover. */
export function Ago({ at }: { at: string }) {
  const nowMs = useNowMs(15_000);
  return (
    <time dateTime={at} title={absolute.format(new Date(at))}>
      {agoText(Date.parse(at) - nowMs)}
    </time>
  );
}

/** The time of day of `at` (ISO 8601), with the whole instant on hover. */
export function ClockTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={absolute.format(new Date(at))}>
      {clockTime.format(new Date(at))}
    </time>
  );
}

/** The time that a job was `processing`, without waits and sleeps; counts on while the job runs. */
export function ProcessingTime({ job }: { job: JobView }) {
  const nowMs = useNowMs(1000);
  return <>{durationText(processingMs(job, nowMs))}</>;
}

/** Formats a duration: `850 ms`, `4.2 s`, `3 min 20 s`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

function agoText(offsetMs: number): string {
  for (const [unit, unitMs] of UNITS) {
    if (Math.abs(offsetMs) >= unitMs) return relative.format(Math.round(offsetMs / unitMs), unit);
  }
  return "just now";
}

function useNowMs(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
