import { useEffect, useRef } from "react";
import classes from "./media.module.css";
import { clockOf, type TranscriptLine } from "./transcript-lines.ts";

interface TranscriptProps {
  lines: readonly TranscriptLine[];
  /** Place of the line that is being said; -1 for none. */
  current: number;
  /** Plays from this time, in milliseconds. */
  onSeek: (ms: number) => void;
}

/** The spoken lines. The current one is marked and kept in view; a press on a line plays from there. */
export function Transcript({ lines, current, onSeek }: TranscriptProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const line = list.current?.children[current];
    // The list alone is scrolled: the page stays where the reader left it.
    if (list.current && line instanceof HTMLElement)
      list.current.scrollTop = line.offsetTop - list.current.offsetHeight / 3;
  }, [current]);
  return (
    <ol ref={list} className={classes.transcript} aria-label="Transcript">
      {lines.map(({ startMs, text }, place) => (
        <li key={startMs} aria-current={place === current || undefined}>
          <button type="button" onClick={() => onSeek(startMs)}>
            <span className={classes.time}>{clockOf(startMs)}</span>
            <span>{text}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
