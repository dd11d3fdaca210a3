import type { JobView } from "@baton/client";
import { isFinal } from "@baton/client";
import { useJob } from "@baton/client/react";
import { ActionIcon, Alert, Anchor, Button, CopyButton, Group, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconArrowLeft, IconBan, IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ErrorBoundary } from "../error-boundary.tsx";
import { JobInput } from "../job-views/job-input.tsx";
import { JobResult } from "../job-views/job-result.tsx";
import { useTypeView } from "../job-views/loaded-views.ts";
import { homePath, Link } from "../navigation.tsx";
import { PageHeading } from "../page-heading.tsx";
import { CancelButton } from "./cancel.tsx";
import { useClient } from "./client-context.ts";
import consoleClasses from "./console.module.css";
import { JobHistory } from "./job-history.tsx";
import classes from "./job-page.module.css";
import { JobProgress } from "./job-progress.tsx";
import { adviceOf, badgeOf, titleOf } from "./job-words.ts";
import { StatusBadge } from "./status-badge.tsx";
import { Ago, ProcessingTime } from "./times.tsx";

/** The page of one job, live: its activity or outcome, its input, and its history. */
export function JobPage({ jobId }: { jobId: string }) {
  const watched = useJob(useClient(), jobId);
  return (
    <div className={consoleClasses.page}>
      <Anchor component={Link} href="/" className={consoleClasses.back} fz="sm" mb="sm">
        <IconArrowLeft size={16} style={{ marginRight: 4 }} aria-hidden /> All jobs
      </Anchor>
      {watched.state === "loading" && <LoadingJob />}
      {watched.state === "failed" && <NoJob detail={watched.error.detail} />}
      {watched.state === "ready" && <LoadedJob job={watched.value} />}
    </div>
  );
}

function LoadedJob({ job }: { job: JobView }) {
  const { isInputShown } = useTypeView(job.type);
  return (
    <Stack gap="lg" data-testid="job" data-status={job.status} data-progress={job.progress}>
      <div>
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
          <PageHeading tabTitle={`${badgeOf(job)}: ${titleOf(job)}`} fz="xl" lineClamp={2}>
            {titleOf(job)}
          </PageHeading>
          {!isFinal(job) && <CancelButton job={job} />}
        </Group>
        <Facts job={job} />
      </div>
      <Outcome job={job} />
      {isInputShown && <JobInput jobId={job.jobId} />}
      <JobHistory job={job} />
    </Stack>
  );
}

function Facts({ job }: { job: JobView }) {
  return (
    <Group gap="xs" mt={8} c="dimmed" fz="sm" className={classes.facts ?? ""} style={{ rowGap: 4 }}>
      <StatusBadge job={job} />
      <span>{job.type}</span>
      <span>
        <Ago at={job.createdAt} />
      </span>
      {job.startedAt && job.history.length > 0 && (
        <span>
          ran <ProcessingTime job={job} />
        </span>
      )}
      {job.attempt > 0 && (
        <span>
          attempt {job.attempt} of {job.maxAttempts}
        </span>
      )}
      {job.cached && <span>result of an equal job</span>}
      <span className={classes.id}>
        <code>{job.jobId}</code>
        <CopyButton value={job.jobId}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? "Copied" : "Copy the job id"}>
              <ActionIcon variant="subtle" color="gray" size="xs" aria-label="Copy the job id" onClick={copy}>
                {copied ? <IconCheck size={12} /> : <IconCopy size={12} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </span>
    </Group>
  );
}

function Outcome({ job }: { job: JobView }): ReactNode {
  if (!isFinal(job)) return <JobProgress job={job} />;
  if (job.status === "completed") {
    return (
      <ErrorBoundary title="The result cannot be shown">
        <JobResult jobId={job.jobId} />
      </ErrorBoundary>
    );
  }
  if (job.status === "failed") return <Failure job={job} />;
  return (
    <Alert color="gray" variant="default" icon={<IconBan />} title="This job was cancelled">
      {job.error?.message ?? "It has no result."}
    </Alert>
  );
}

function Failure({ job }: { job: JobView }) {
  const code = job.error?.code ?? "unknown";
  const { advice } = useTypeView(job.type);
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title="This job failed">
      <Stack gap="xs" align="flex-start">
        <Text>{job.error?.message ?? "The error has no message."}</Text>
        <Text c="dimmed">{adviceOf(code, advice)}</Text>
        <Group gap="sm">
          <Button component={Link} href={homePath(job.type)} size="xs" variant="default">
            Submit another job
          </Button>
          <Text fz="xs" c="dimmed">
            Code <code>{code}</code>
          </Text>
        </Group>
      </Stack>
    </Alert>
  );
}

function LoadingJob() {
  return (
    <Stack gap="md" role="status" aria-label="Loading the job">
      <Skeleton height={28} width="60%" />
      <Skeleton height={16} width="40%" />
      <Skeleton height={140} />
    </Stack>
  );
}

function NoJob({ detail }: { detail: string }) {
  return (
    <Stack align="center" gap="sm" py={80} ta="center">
      <PageHeading tabTitle="No such job" fz="lg">
        This job cannot be shown
      </PageHeading>
      <Text c="dimmed" role="alert">
        {detail}
      </Text>
      <Button component={Link} href="/" variant="default">
        New job
      </Button>
    </Stack>
  );
}
