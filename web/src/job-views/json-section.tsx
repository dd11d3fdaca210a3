import type { JsonValue } from "@baton/protocol";
import { Group, Stack, Text, Title } from "@mantine/core";
import { DownloadButton } from "./download-button.tsx";
import { CopyJson, JsonTree } from "./generic/json-tree.tsx";

interface JsonSectionProps {
  title: string;
  value: JsonValue;
  /** Name of the downloaded file, without its ending. */
  fileName: string;
  note?: string;
  testId?: string;
}

/** A JSON value under a heading, to read, copy and download. */
export function JsonSection({ title, value, fileName, note, testId }: JsonSectionProps) {
  return (
    <Stack component="section" className="card" p="lg" gap="md" aria-label={title} data-testid={testId}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} fz="md">
          {title}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <CopyJson value={value} label={`Copy the ${title.toLowerCase()}`} />
          <DownloadButton name={fileName} value={value} />
        </Group>
      </Group>
      <JsonTree value={value} label={title} />
      {note && (
        <Text fz="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Stack>
  );
}
