import { Group, Stack, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { DownloadButton } from "../download-button.tsx";
import { GenericResult } from "../generic/generic-result.tsx";
import { FileList } from "../media/file-list.tsx";
import { Player } from "../media/player.tsx";
import { QualityTable } from "../media/quality-table.tsx";
import { Section } from "../media/section.tsx";
import type { TypeResultProps } from "../type-view.ts";
import { Picture } from "./pictures.tsx";
import { Script } from "./script.tsx";
import { TimelineTable } from "./timeline.tsx";
import { timelineOf } from "./timeline-rows.ts";
import type { PipelineOutput } from "./types.ts";

/** The video that a job made by a preset, and where its time went; as a JSON tree when the output has another shape. */
export function PipelineResult({ result }: TypeResultProps) {
  const { output } = result;
  return isPipelineOutput(output) ? <Made result={result} output={output} /> : <GenericResult result={result} />;
}

/** True for an output that this view can show. Another version of the job type may give another shape. */
function isPipelineOutput(output: unknown): output is PipelineOutput {
  return (
    typeof output === "object" &&
    output !== null &&
    ["script", "files", "quality", "stages", "frame"].every((key) => key in output)
  );
}

function Made({ result, output }: TypeResultProps & { output: PipelineOutput }) {
  const { jobId, attempt } = result;
  const { files, script } = output;
  const timeline = useMemo(() => timelineOf(result, output.stages), [result, output]);
  return (
    <Stack gap="lg" data-testid="result">
      <Heading jobId={jobId} output={output} />
      {files.video && <Player jobId={jobId} output={output} />}
      <Section title="Where the time went">
        <TimelineTable timeline={timeline} attempts={attempt} />
      </Section>
      <Pictures jobId={jobId} output={output} />
      <Section title="Script">
        <Script script={script} />
      </Section>
      <Section title="Quality">
        <QualityTable quality={output.quality} />
      </Section>
      <Section title="Files">
        <FileList jobId={jobId} files={Object.values(files)} />
      </Section>
    </Stack>
  );
}

function Heading({ jobId, output }: { jobId: string; output: PipelineOutput }) {
  const { preset, voice, music, frame, script } = output;
  const facts = [
    preset,
    `${frame.width}×${frame.height}`,
    `voice: ${voice}`,
    ...(music ? [`${music.mood} music at ${music.beatsAMinute} beats a minute`] : []),
  ];
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Title order={2} fz="lg">
          {script.title}
        </Title>
        <Text fz="sm" c="dimmed">
          {facts.join(" · ")}
        </Text>
      </div>
      <DownloadButton name={jobId} value={output} />
    </Group>
  );
}

/** Storyboard and thumbnail, where the preset makes them. */
function Pictures({ jobId, output }: { jobId: string; output: PipelineOutput }) {
  const { storyboard, thumbnail } = output.files;
  if (!storyboard && !thumbnail) return null;
  const scenes = output.script.scenes.map(({ caption }) => caption).join("; ");
  return (
    <Section title="Pictures">
      {storyboard && <Picture jobId={jobId} file={storyboard} title="Storyboard" alt={`The scenes: ${scenes}`} />}
      {thumbnail && <Picture jobId={jobId} file={thumbnail} title="Thumbnail" alt={output.script.title} />}
    </Section>
  );
}
