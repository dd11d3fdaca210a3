import type { JobView } from "@baton/client";
import { Group, Progress, Stack, Text } from "@mantine/core";
import { useTypeView } from "../job-views/loaded-views.ts";
import type { StepWords } from "../job-views/type-view.ts";
import classes from "./job-page.module.css";
import { failedAttemptOf } from "./job-waits.ts";
import { activityOf, statusOf, stepIndex } from "./job-words.ts";

/** The progress of an active job: activity, percentage, steps, and the error of the last failed attempt. */
export function JobProgress({ job }: { job: JobView }) {
  const { steps } = useTypeView(job.type);
  const failedAttempt = failedAttemptOf(job);
  const percent = Math.round(job.progress * 100);
  return (
    <Stack className="card" p="lg" gap="md">
      <Group justify="space-between" wrap="nowrap">
        <Text fw={500} role="status" data-testid="activity">
          {activityOf(job, steps)}
        </Text>
        <Text fz="xl" fw={600} style={{ fontVariantNumeric: "tabular-nums" }}>
          {percent}%
        </Text>
      </Group>
      <Progress
        value={percent}
        color={statusOf(job.status).color}
        animated={job.status === "processing"}
        transitionDuration={300}
        aria-label="Progress"
      />
      {steps.length > 0 && <Steps job={job} steps={steps} />}
      {job.error && (
        <Text fz="sm" c="dimmed" data-testid="last-error">
          {failedAttempt === undefined ? "An attempt" : `Attempt ${failedAttempt}`} failed: {job.error.message}
        </Text>
      )}
    </Stack>
  );
}

function Steps({ job, steps }: { job: JobView; steps: readonly StepWords[] }) {
  const current = stepIndex(steps, job.step);
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map(({ step, label }, index) => (
        <li
          key={step}
          className={classes.step}
          data-reached={index <= current || undefined}
          data-current={index === current || undefined}
          aria-current={index === current ? "step" : undefined}
        >
          <span className={classes.stepLabel}>{label}</span>
        </li>
      ))}
    </ol>
  );
}
