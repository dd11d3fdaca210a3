/**
 * Characters that a narrator reads out in a second: eSpeak NG at 160 words a minute, and Google's voices at their own
 * speed.
 */
const CHARS_A_SECOND = 16.5;
const PAUSE_MS = 350;

/** How long it takes to read a text out, with the pause behind it, in milliseconds: an estimate, 15 % more or less. */
export function speakingMs(text: string): number {
  return ([...text].length / CHARS_A_SECOND) * 1000 + PAUSE_MS;
}
