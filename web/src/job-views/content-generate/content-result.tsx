import { Group, Stack, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { useUid } from "../../console/client-context.ts";
import { submittedInput } from "../../console/submitted-input.ts";
import { DownloadButton } from "../download-button.tsx";
import { GenericResult } from "../generic/generic-result.tsx";
import { FileList } from "../media/file-list.tsx";
import { Player } from "../media/player.tsx";
import { QualityTable } from "../media/quality-table.tsx";
import { Section } from "../media/section.tsx";
import type { TypeResultProps } from "../type-view.ts";
import { documentTexts, isContentOutput, quotedSources } from "./citations.ts";
import { Scenes } from "./scenes.tsx";
import { Sources } from "./sources.tsx";
import type { ContentOutput } from "./types.ts";

/** The content that a job made; as a JSON tree when the output has another shape. */
export function ContentResult({ result }: TypeResultProps) {
  const { jobId, output } = result;
  return isContentOutput(output) ? <Content jobId={jobId} output={output} /> : <GenericResult result={result} />;
}

function Content({ jobId, output }: { jobId: string; output: ContentOutput }) {
  const uid = useUid();
  const sources = useMemo(() => quotedSources(output, documentTexts(submittedInput(uid, jobId))), [output, uid, jobId]);
  const { script, voice, files, quality } = output;
  const makers = [`Script: ${script.writer}`, voice !== undefined && `voice: ${voice}`].filter(Boolean).join(", ");
  return (
    <Stack gap="lg" data-testid="result">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Title order={2} fz="lg">
            {script.title}
          </Title>
          <Text fz="sm" c="dimmed">
            {makers}
          </Text>
        </div>
        <DownloadButton name={jobId} value={output} />
      </Group>
      {(files.video ?? files.audio) && <Player jobId={jobId} output={output} />}
      <Section title="Scenes">
        <Scenes scenes={script.scenes} sources={output.sources} />
      </Section>
      <Section title="Sources">
        <Sources sources={sources} />
      </Section>
      {quality && (
        <Section title="Quality">
          <QualityTable quality={quality} />
        </Section>
      )}
      {Object.keys(files).length > 0 && (
        <Section title="Files">
          <FileList jobId={jobId} files={Object.values(files)} />
        </Section>
      )}
    </Stack>
  );
}
