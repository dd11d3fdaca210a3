import { Text } from "@mantine/core";
import classes from "./pipeline.module.css";
import { explanationOf, type Stretch, secondsOf, type Timeline } from "./timeline-rows.ts";

interface TimelineTableProps {
  timeline: Timeline;
  /** Attempts that the job took. */
  attempts: number;
}

/** The history of states and stages, each with its place and its length in the whole. */
export function TimelineTable({ timeline, attempts }: TimelineTableProps) {
  const { states, totalMs } = timeline;
  return (
    <>
      <Text fz="sm">{explanationOf(timeline)}</Text>
      <table className={classes.timeline}>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Stage</th>
            <th scope="col">After</th>
            <th scope="col">Time</th>
            <th scope="col" className={classes.track}>
              <span className={classes.hidden}>Share</span>
            </th>
          </tr>
        </thead>
        {states.map(({ label, stretches }) => (
          <tbody key={label}>
            {stretches.map((stretch, index) => (
              <tr key={stretch.label}>
                {index === 0 && (
                  <th scope="rowgroup" rowSpan={stretches.length}>
                    {label}
                  </th>
                )}
                <StretchCells stretch={stretch} totalMs={totalMs} />
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {attempts > 1 && (
        <Text fz="xs" c="dimmed">
          It took {attempts} attempts. The time of a stage that failed has the attempts and the waits between them in
          it.
        </Text>
      )}
    </>
  );
}

function StretchCells({ stretch, totalMs }: { stretch: Stretch; totalMs: number }) {
  const { label, fromMs, durationMs } = stretch;
  const percent = (ms: number) => `${totalMs === 0 ? 0 : (ms * 100) / totalMs}%`;
  return (
    <>
      <td>{label}</td>
      <td className={classes.number}>{secondsOf(fromMs)}</td>
      <td className={classes.number}>{secondsOf(durationMs)}</td>
      <td className={classes.track} aria-hidden>
        <div className={classes.whole}>
          <div className={classes.stretch} style={{ left: percent(fromMs), width: percent(durationMs) }} />
        </div>
      </td>
    </>
  );
}
