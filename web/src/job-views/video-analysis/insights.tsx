import { Badge, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconThumbUp } from "@tabler/icons-react";
import classes from "./result.module.css";
import { SentimentBadge } from "./sentiment-badge.tsx";
import type { Theme, VideoAnalysisOutput } from "./types.ts";

/** The themes of the comments, each with phrases and quotes. */
export function Themes({ themes }: { themes: readonly Theme[] }) {
  if (themes.length === 0) return <Text c="dimmed">No themes: the comments have too little in common.</Text>;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg" verticalSpacing="lg">
      {themes.map((theme) => (
        <Stack key={theme.label} gap={8}>
          <Group gap="xs" wrap="nowrap">
            <Text fw={600} truncate>
              {theme.label}
            </Text>
            <Text fz="xs" c="dimmed" style={{ flexShrink: 0 }}>
              {theme.count === 1 ? "1 comment" : `${theme.count} comments`}
            </Text>
            {theme.sentiment && <SentimentBadge sentiment={theme.sentiment} />}
          </Group>
          <Phrases theme={theme} />
          {theme.examples.slice(0, 3).map((example) => (
            <blockquote key={example.index} className={classes.quote}>
              {example.text}
            </blockquote>
          ))}
        </Stack>
      ))}
    </SimpleGrid>
  );
}

function Phrases({ theme }: { theme: Theme }) {
  const others = theme.phrases.filter((phrase) => phrase !== theme.label);
  if (others.length === 0) return null;
  return (
    <Group gap={4}>
      {others.slice(0, 6).map((phrase) => (
        <Badge key={phrase} variant="default" size="sm" tt="none" fw={400}>
          {phrase}
        </Badge>
      ))}
    </Group>
  );
}

type Questions = NonNullable<VideoAnalysisOutput["insights"]>["topQuestions"];

/** The most frequent questions of the comments. */
export function TopQuestions({ questions }: { questions: Questions }) {
  if (questions.length === 0) return <Text c="dimmed">No questions.</Text>;
  return (
    <ol className={classes.questions}>
      {questions.map((question) => (
        <li key={question.index}>
          <Text component="span">{question.text}</Text>
          {question.likes !== undefined && question.likes > 0 && (
            <Text component="span" fz="xs" c="dimmed" ml={8} className={classes.likes}>
              <IconThumbUp size={12} aria-label="likes" /> {question.likes.toLocaleString()}
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}
