import { Button, Group, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useClient } from "../../console/client-context.ts";
import { useMounted } from "../../mounted.ts";
import { saveBlob } from "../save-blob.ts";
import { detailOf } from "../use-job-file.ts";
import type { MediaFile } from "./types.ts";

/** The files of a job, to download. */
export function FileList({ jobId, files }: { jobId: string; files: readonly MediaFile[] }) {
  return (
    <Stack gap="sm">
      {files.map(({ fileId, name, bytes }) => (
        <FileRow key={fileId} jobId={jobId} name={name} bytes={bytes} />
      ))}
    </Stack>
  );
}

function FileRow({ jobId, name, bytes }: { jobId: string; name: string; bytes: number }) {
  const client = useClient();
  const isMounted = useMounted();
  const [isLoading, setIsLoading] = useState(false);
  const [failure, setFailure] = useState<string>();
  const download = async () => {
    setIsLoading(true);
    setFailure(undefined);
    try {
      const file = await client.file(jobId, name);
      if (isMounted.current) saveBlob(file, name);
    } catch (error) {
      setFailure(detailOf(error));
    } finally {
      setIsLoading(false);
    }
  };
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text fz="sm" style={{ overflowWrap: "anywhere" }}>
          {name}{" "}
          <Text span fz="xs" c="dimmed">
            {sizeOf(bytes)}
          </Text>
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={isLoading}
          onClick={() => void download()}
          aria-label={`Download ${name}`}
        >
          Download
        </Button>
      </Group>
      {failure !== undefined && (
        <Text fz="sm" c="red" role="alert">
          {failure}
        </Text>
      )}
    </div>
  );
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
