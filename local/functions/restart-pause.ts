const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;

/**
 * Pause before a process that died is replaced: none, unless it died at once `earlyDeaths` times in a row; then 250 ms,
 * doubling up to 10 s.
 */
export function restartPauseMs(earlyDeaths: number): number {
  if (earlyDeaths === 0) return 0;
  return Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (earlyDeaths - 1));
}
