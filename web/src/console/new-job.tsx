import { Alert, Select, Skeleton, Stack, Text } from "@mantine/core";
import { Suspense } from "react";
import { formOf } from "../job-views/loaded-views.ts";
import { VIEWS } from "../job-views/registry.ts";
import { homePath, navigate } from "../navigation.tsx";
import { PageHeading } from "../page-heading.tsx";
import { chooseType } from "./choose-type.ts";
import consoleClasses from "./console.module.css";
import { type JobTypes, useJobTypes } from "./use-job-types.ts";

/** The form for a new job of `askedType`, or of the first job type that has a form of its own. */
export function NewJob({ askedType }: { askedType: string | undefined }) {
  const jobTypes = useJobTypes();
  const known = jobTypes.state === "ready" ? jobTypes.types : undefined;
  const type = chooseType(
    askedType,
    [...VIEWS.keys()],
    known?.map((one) => one.type),
  );
  if (jobTypes.state === "failed" && type === undefined) return <NoTypes detail={jobTypes.error.detail} />;
  if (type === undefined && jobTypes.state === "ready") return <NoTypes detail="This deployment has no job types." />;
  // The generic form starts with an example from the schema.
  const isSchemaMissing = type !== undefined && !VIEWS.has(type) && jobTypes.state === "loading";
  if (type === undefined || isSchemaMissing) return <LoadingForm />;
  const Form = formOf(type);
  return (
    <Suspense fallback={<LoadingForm />}>
      <Form
        key={type}
        type={type}
        inputSchema={known?.find((one) => one.type === type)?.inputSchema}
        picker={<TypePicker jobTypes={jobTypes} type={type} />}
      />
    </Suspense>
  );
}

/** Chooses the job type, where there is a choice. */
function TypePicker({ jobTypes, type }: { jobTypes: JobTypes; type: string }) {
  if (jobTypes.state === "failed") {
    return (
      <Text fz="sm" c="dimmed" role="status">
        The other job types cannot be listed: {jobTypes.error.detail}
      </Text>
    );
  }
  if (jobTypes.state === "loading" || jobTypes.types.length < 2) return null;
  return (
    <Select
      label="Job type"
      maw={320}
      allowDeselect={false}
      searchable
      data={jobTypes.types.map((one) => one.type)}
      value={type}
      onChange={(chosen) => chosen !== null && navigate(homePath(chosen))}
    />
  );
}

function NoTypes({ detail }: { detail: string }) {
  return (
    <Stack className={consoleClasses.page ?? ""} style={{ maxWidth: 720 }} gap="lg">
      <PageHeading tabTitle="New job" fz="xl">
        New job
      </PageHeading>
      <Alert color="red" title="No job can be submitted" role="alert">
        {detail}
      </Alert>
    </Stack>
  );
}

function LoadingForm() {
  return (
    <Stack
      className={consoleClasses.page ?? ""}
      style={{ maxWidth: 720 }}
      gap="md"
      role="status"
      aria-label="Loading the form"
    >
      <Skeleton height={28} width="50%" />
      <Skeleton height={16} width="70%" />
      <Skeleton height={320} />
    </Stack>
  );
}
