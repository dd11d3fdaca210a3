import type { JobView } from "@baton/client";
import { isFinished } from "@baton/client";
import type { Watched } from "@baton/client/react";
import { Alert, Button, Kbd, Progress, SegmentedControl, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTypeView } from "../job-views/loaded-views.ts";
import { jobPath, Link } from "../navigation.tsx";
import { CancelIcon } from "./cancel.tsx";
import classes from "./job-list.module.css";
import { activityOf, statusOf, titleOf } from "./job-words.ts";
import { StatusBadge } from "./status-badge.tsx";
import { Ago } from "./times.tsx";

const VIEWS = ["All", "Active", "Finished"] as const;
/** Rows that the short list of a narrow screen has, so that the form stays near: see job-list.module.css. */
const SHORT = 3;
type View = (typeof VIEWS)[number];

interface JobListProps {
  jobs: Watched<JobView[]>;
  selectedId: string | undefined;
  /** How many jobs were asked for: when there are as many, there may be more. */
  limit: number;
  onMore: () => void;
}

/** Own jobs, newest first and live, with the way to a new one. */
export function JobList(props: JobListProps) {
  const [view, setView] = useState<View>("All");
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <div className={classes.head}>
        <Title order={2} fz="md">
          Jobs
        </Title>
        <Button
          component={Link}
          href="/"
          size="xs"
          variant={props.selectedId === undefined ? "light" : "default"}
          leftSection={<IconPlus size={14} />}
        >
          New job
        </Button>
      </div>
      <div className={classes.views}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Which jobs to show"
          data={[...VIEWS]}
          value={view}
          onChange={(value) => setView(VIEWS.find((candidate) => candidate === value) ?? "All")}
        />
      </div>
      <div className={classes.scroll} data-all={isOpen || undefined}>
        <ListBody {...props} view={view} />
      </div>
      {props.jobs.state === "ready" && props.jobs.value.length > SHORT && (
        <div className={classes.all}>
          <Button variant="subtle" size="xs" onClick={() => setIsOpen(!isOpen)} aria-expanded={isOpen}>
            {isOpen ? "Show fewer" : "Show all jobs"}
          </Button>
        </div>
      )}
      <Text className={classes.keys} fz="xs" c="dimmed" component="div">
        <Kbd size="xs">n</Kbd> new <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> next, previous
      </Text>
    </>
  );
}

function ListBody({ jobs, view, selectedId, limit, onMore }: JobListProps & { view: View }) {
  if (jobs.state === "loading") return <LoadingRows />;
  if (jobs.state === "failed") return <ListFailure detail={jobs.error.detail} />;
  const shown = jobs.value.filter((job) => view === "All" || isFinished(job) === (view === "Finished"));
  return (
    <>
      {shown.length === 0 && <EmptyList view={view} hasJobs={jobs.value.length > 0} />}
      {shown.length > 0 && (
        <ul className={classes.list} aria-label="Jobs">
          {shown.map((job) => (
            <JobRow key={job.jobId} job={job} isSelected={job.jobId === selectedId} />
          ))}
        </ul>
      )}
      {jobs.value.length >= limit && (
        <Stack align="center" gap={6} px="sm" pb="md" className={classes.more ?? ""}>
          <Text fz="xs" c="dimmed">
            These are the newest {jobs.value.length}.
          </Text>
          <Button variant="default" size="xs" onClick={onMore}>
            Show more
          </Button>
        </Stack>
      )}
    </>
  );
}

function JobRow({ job, isSelected }: { job: JobView; isSelected: boolean }) {
  const isActive = !isFinished(job);
  const { steps } = useTypeView(job.type);
  return (
    <li className={classes.row} data-selected={isSelected || undefined} data-job-id={job.jobId}>
      <Link href={jobPath(job.jobId)} className={classes.link} aria-current={isSelected ? "page" : undefined}>
        <span className={classes.line}>
          <Text component="span" fw={500} truncate>
            {titleOf(job)}
          </Text>
          <StatusBadge job={job} />
        </span>
        <span className={classes.line}>
          <Text component="span" fz="xs" c="dimmed" truncate>
            {isActive ? activityOf(job, steps) : (job.error?.message ?? job.type)}
          </Text>
          <Text component="span" fz="xs" c="dimmed" className={classes.when}>
            {isActive ? `${Math.round(job.progress * 100)}%` : <Ago at={job.createdAt} />}
          </Text>
        </span>
        {isActive && (
          <Progress
            size={4}
            mt={4}
            value={job.progress * 100}
            color={statusOf(job.status).color}
            animated={job.status === "processing"}
            aria-label={`Progress of ${titleOf(job)}`}
          />
        )}
      </Link>
      {isActive && <CancelIcon job={job} />}
    </li>
  );
}

function LoadingRows() {
  return (
    <Stack gap={8} p="sm" role="status" aria-label="Loading your jobs">
      {[1, 2, 3].map((row) => (
        <Skeleton key={row} height={52} radius="md" />
      ))}
    </Stack>
  );
}

function ListFailure({ detail }: { detail: string }) {
  return (
    <Alert m="sm" color="red" title="Your jobs cannot be shown" role="alert">
      <Stack gap="xs" align="flex-start">
        {detail}
        <Button size="xs" variant="default" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Stack>
    </Alert>
  );
}

function EmptyList({ view, hasJobs }: { view: View; hasJobs: boolean }) {
  return (
    <Stack gap={4} align="center" px="lg" py={{ base: 20, md: 48 }} ta="center">
      <Text fw={500}>{hasJobs ? `No ${view.toLowerCase()} jobs` : "No jobs yet"}</Text>
      <Text c="dimmed" fz="sm">
        {hasJobs ? "The others are under All." : "Submit one and follow it here while it runs."}
      </Text>
    </Stack>
  );
}
