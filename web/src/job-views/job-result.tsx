import { useJobResult } from "@baton/client/react";
import { Alert, Skeleton, Text } from "@mantine/core";
import { Suspense } from "react";
import { useClient } from "../console/client-context.ts";
import { resultOf } from "./loaded-views.ts";

/** The result of a completed job, by the view of its type. */
export function JobResult({ jobId }: { jobId: string }) {
  const watched = useJobResult(useClient(), jobId);
  if (watched.state === "loading") return <LoadingResult />;
  if (watched.state === "failed") {
    return (
      <Alert color="red" title="The result cannot be shown" role="alert">
        {watched.error.detail}
      </Alert>
    );
  }
  const result = watched.value;
  if (result.output === undefined) return <Text c="dimmed">This job has no output.</Text>;
  const Result = resultOf(result.type);
  return (
    <Suspense fallback={<LoadingResult />}>
      <Result result={result} />
    </Suspense>
  );
}

/** A place for a result that loads. */
function LoadingResult() {
  return <Skeleton height={320} role="status" aria-label="Loading the result" />;
}
