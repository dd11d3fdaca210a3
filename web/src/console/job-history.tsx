import type { HistoryEntry, JobView } from "@baton/client";
import { Stack, Text, Timeline, Title } from "@mantine/core";
import { reasonText } from "./job-waits.ts";
import { statusOf } from "./job-words.ts";
import { ClockTime, durationText } from "./times.tsx";

/** The history of a job: each status with its time, and the time since the entry before. */
export function JobHistory({ job }: { job: JobView }) {
  return (
    <Stack component="section" className="card" p="lg" gap="md" aria-label="History">
      <Title order={2} fz="md">
        History
      </Title>
      {job.history.length === 0 && <Text c="dimmed">No entries yet.</Text>}
      <Timeline bulletSize={12} lineWidth={2} active={job.history.length}>
        {job.history.map((entry, index) => (
          <Timeline.Item
            key={`${entry.at} ${entry.status} ${entry.attempt}`}
            color={statusOf(entry.status).color}
            title={
              <Text fw={500} fz="sm">
                {statusOf(entry.status).label}
              </Text>
            }
          >
            <Text fz="xs" c="dimmed">
              <ClockTime at={entry.at} />
              {entry.attempt > 0 && `, attempt ${entry.attempt}`}
              {isAfterGap(job, index)
                ? ". Earlier entries are not stored"
                : sincePrevious(entry, job.history[index - 1])}
            </Text>
            {entry.reason && <Text fz="sm">{reasonText(entry)}</Text>}
          </Timeline.Item>
        ))}
      </Timeline>
    </Stack>
  );
}

/** A long history has its first entry and its last ones. */
function isAfterGap({ droppedProcessingMs }: JobView, index: number): boolean {
  return droppedProcessingMs !== undefined && index === 1;
}

function sincePrevious(entry: HistoryEntry, previous: HistoryEntry | undefined): string {
  return previous ? `, after ${durationText(Math.max(0, Date.parse(entry.at) - Date.parse(previous.at)))}` : "";
}
