import type { JobView } from "@baton/client";
import { isFinal } from "@baton/client";
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

const FILTERS = ["All", "Active", "Final"] as const;
/** Number of rows in the short list of a narrow screen, as in job-list.module.css. */
const SHORT = 3;
type Filter = (typeof FILTERS)[number];

interface JobListProps {
  jobs: Watched<JobView[]>;
  selectedId: string | undefined;
  /** Number of jobs asked for. A list of this length may have more. */
  limit: number;
  onMore: () => void;
}

/** The jobs of the signed-in user, newest first and live, with the link to the form for a new job. */
export function JobList(props: JobListProps) {
  const [filter, setFilter] = useState<Filter>("All");
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
          data={[...FILTERS]}
          value={filter}
          onChange={(value) => setFilter(FILTERS.find((candidate) => candidate === value) ?? "All")}
        />
      </div>
      <div className={classes.scroll} data-all={isOpen || undefined}>
        <ListBody {...props} filter={filter} />
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

function ListBody({ jobs, filter, selectedId, limit, onMore }: JobListProps & { filter: Filter }) {
  if (jobs.state === "loading") return <LoadingRows />;
  if (jobs.state === "failed") return <ListFailure detail={jobs.error.detail} />;
  const shown = jobs.value.filter((job) => filter === "All" || isFinal(job) === (filter === "Final"));
  return (
    <>
      {shown.length === 0 && <EmptyList filter={filter} hasJobs={jobs.value.length > 0} />}
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
  const isActive = !isFinal(job);
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

function EmptyList({ filter, hasJobs }: { filter: Filter; hasJobs: boolean }) {
  return (
    <Stack gap={4} align="center" px="lg" py={{ base: 20, md: 48 }} ta="center">
      <Text fw={500}>{hasJobs ? `No ${filter.toLowerCase()} jobs` : "No jobs yet"}</Text>
      <Text c="dimmed" fz="sm">
        {hasJobs ? "Choose All to see the others." : "Submit one and follow it here while it runs."}
      </Text>
    </Stack>
  );
}
