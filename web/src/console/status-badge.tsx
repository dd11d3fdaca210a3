import type { JobView } from "@baton/protocol";
import { Badge } from "@mantine/core";
import { STATUS } from "./job-words.ts";

/** A job's status as a colored word. */
export function StatusBadge({ job }: { job: JobView }) {
  const { label, color } = STATUS[job.status];
  return (
    <Badge variant="light" color={color} tt="none" fw={500} style={{ flexShrink: 0 }} data-testid="status">
      {job.cancelRequested && job.status === "processing" ? "Cancelling" : label}
    </Badge>
  );
}
