import "@mantine/charts/styles.css";
import type { JobResultView } from "@baton/client";
import { useJobResult } from "@baton/client/react";
import { Alert, Code, Skeleton, Stack } from "@mantine/core";
import { useClient } from "../console/client-context.ts";
import { AnalysisResult } from "./analysis-result.tsx";
import { DownloadButton } from "./download-button.tsx";

/** What came out of a completed job: drawn when its type is known, as JSON otherwise. */
export function JobResult({ jobId }: { jobId: string }) {
  const client = useClient();
  const watched = useJobResult(client, jobId);
  if (watched.state === "loading") return <Skeleton height={320} role="status" aria-label="Loading the result" />;
  if (watched.state === "failed") {
    return (
      <Alert color="red" title="The result cannot be shown" role="alert">
        {watched.error.detail}
      </Alert>
    );
  }
  const result = watched.value;
  if (client.isResultOf("video.analysis", result) && result.output) {
    return <AnalysisResult jobId={jobId} output={result.output} />;
  }
  return <PlainResult result={result} />;
}

function PlainResult({ result }: { result: JobResultView }) {
  return (
    <Stack align="flex-start" gap="sm">
      <DownloadButton name={result.jobId} value={result.output} />
      <Code block w="100%" mah={480} style={{ overflow: "auto" }}>
        {JSON.stringify(result.output, null, 2)}
      </Code>
    </Stack>
  );
}
