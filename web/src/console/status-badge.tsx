import type { JobView } from "@baton/client";
import { Badge } from "@mantine/core";
import { badgeOf, statusOf } from "./job-words.ts";

/** The status of a job as a colored word. */
export function StatusBadge({ job }: { job: JobView }) {
  const { color } = statusOf(job.status);
  return (
    <Badge variant="light" color={color} tt="none" fw={500} style={{ flexShrink: 0 }} data-testid="status">
      {badgeOf(job)}
    </Badge>
  );
}
