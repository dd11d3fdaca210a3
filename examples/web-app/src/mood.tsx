import type { JobOutput } from "@baton/client";
import type { jobs } from "../../../functions/src/jobs/index.ts";

const MOODS = ["positive", "neutral", "negative"] as const;

/** Shows the result of an analysis: a bar of moods, and the summary. */
export function Mood({ analysis }: { analysis: JobOutput<typeof jobs, "video.analysis"> }) {
  const { sentiment, comments, summary } = analysis;
  return (
    <>
      {sentiment && (
        <ul className="moods" aria-label="Moods">
          {MOODS.filter((mood) => sentiment[mood] > 0).map((mood) => (
            <li key={mood} className={mood} style={{ flexGrow: sentiment[mood] }}>
              {Math.round((100 * sentiment[mood]) / comments.length)}% {mood}
            </li>
          ))}
        </ul>
      )}
      {summary && <p className="summary">{summary}</p>}
    </>
  );
}
