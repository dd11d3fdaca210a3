import "@mantine/charts/styles.css";
import { Anchor, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { useUid } from "../../console/client-context.ts";
import { submittedInput } from "../../console/submitted-input.ts";
import { DownloadButton } from "../download-button.tsx";
import { GenericResult } from "../generic/generic-result.tsx";
import type { TypeResultProps } from "../type-view.ts";
import { isAnalysisOutput, percentOf, submittedTexts, textsOf } from "./analysis-words.ts";
import { ClassChart, SentimentChart } from "./charts.tsx";
import { CommentTable } from "./comment-table.tsx";
import { Themes, TopQuestions } from "./insights.tsx";
import type { VideoAnalysisOutput } from "./types.ts";

/** The result of a video analysis; as a JSON tree when its output has another shape. */
export function AnalysisResult({ result }: TypeResultProps) {
  const { jobId, output } = result;
  return isAnalysisOutput(output) ? <Analysis jobId={jobId} output={output} /> : <GenericResult result={result} />;
}

/** Figures, charts, themes, questions, summary, and every comment. */
function Analysis({ jobId, output }: { jobId: string; output: VideoAnalysisOutput }) {
  const uid = useUid();
  const texts = useMemo(() => textsOf(output, submittedTexts(submittedInput(uid, jobId))), [output, uid, jobId]);
  const { sentiment, classes, insights, summary } = output;
  return (
    <Stack gap="lg" data-testid="result">
      <Heading jobId={jobId} output={output} />
      <Figures output={output} />
      {summary && (
        <Section title="Summary">
          <Text style={{ whiteSpace: "pre-line" }} lh={1.6}>
            {summary}
          </Text>
        </Section>
      )}
      {(sentiment || classes) && (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          {sentiment && (
            <Section title="Sentiment">
              <SentimentChart sentiment={sentiment} />
            </Section>
          )}
          {classes && (
            <Section title="Classes">
              <ClassChart classes={classes} />
            </Section>
          )}
        </SimpleGrid>
      )}
      {insights && (
        <>
          <Section title="Themes">
            <Themes themes={insights.themes} />
          </Section>
          <Section title="Top questions">
            <TopQuestions questions={insights.topQuestions} />
          </Section>
        </>
      )}
      <Section title="Comments">
        <CommentTable comments={output.comments} texts={texts} />
      </Section>
    </Stack>
  );
}

function Heading({ jobId, output }: { jobId: string; output: VideoAnalysisOutput }) {
  const { video } = output;
  return (
    <Group justify="space-between" wrap="nowrap">
      {video ? (
        <div style={{ minWidth: 0 }}>
          <Anchor href={video.url} target="_blank" rel="noreferrer" fw={500}>
            {video.title ?? video.url}
          </Anchor>
          {video.channel && (
            <Text fz="sm" c="dimmed">
              {video.channel}
            </Text>
          )}
        </div>
      ) : (
        <Title order={2} fz="lg">
          Result
        </Title>
      )}
      <DownloadButton name={jobId} value={output} />
    </Group>
  );
}

function Figures({ output }: { output: VideoAnalysisOutput }) {
  const { sentiment, classes, comments } = output;
  const total = comments.length;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
      <Figure label="Comments" value={total.toLocaleString()} />
      {sentiment && <Figure label="Positive" value={percentOf(sentiment.positive, total)} />}
      {classes && <Figure label="Questions" value={classes.question.toLocaleString()} />}
      {classes && <Figure label="Spam" value={percentOf(classes.spam, total)} />}
    </SimpleGrid>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="card" style={{ padding: "12px 16px" }}>
      <Text fz="xs" c="dimmed">
        {label}
      </Text>
      <Text fz={22} fw={600} lh={1.3} style={{ fontVariantNumeric: "tabular-nums" }}>
        {value}
      </Text>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" className="card" p="lg" gap="md" aria-label={title}>
      <Title order={2} fz="md">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
