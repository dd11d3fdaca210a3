import { Badge, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { CLASSES, SENTIMENTS } from "./analysis-words.ts";
import classes from "./result.module.css";
import { SentimentBadge } from "./sentiment-badge.tsx";
import type { VideoAnalysisOutput } from "./types.ts";

const PAGE = 25;

type Comment = VideoAnalysisOutput["comments"][number];
interface Filter {
  sentiment: string | null;
  class: string | null;
  text: string;
}

/** A table of the analysed comments, with filters by sentiment, class and text. */
export function CommentTable({
  comments,
  texts,
}: {
  comments: readonly Comment[];
  texts: ReadonlyMap<number, string>;
}) {
  const [filter, setFilter] = useState<Filter>({ sentiment: null, class: null, text: "" });
  const [count, setCount] = useState(PAGE);
  const shown = useMemo(() => comments.filter((comment) => matches(comment, texts, filter)), [comments, texts, filter]);
  if (comments.length === 0) return <Text c="dimmed">No comments were analysed.</Text>;
  return (
    <>
      <Filters filter={filter} onChange={(change) => setFilter({ ...filter, ...change })} />
      <Text fz="xs" c="dimmed" aria-live="polite">
        {shown.length === comments.length
          ? `${comments.length.toLocaleString()} in all`
          : `${shown.length.toLocaleString()} of ${comments.length.toLocaleString()}`}
      </Text>
      {shown.length > 0 && (
        <table className={classes.comments}>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Comment</th>
              <th scope="col">Sentiment</th>
              <th scope="col">Class</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, count).map((comment) => (
              <Row key={comment.index} comment={comment} text={texts.get(comment.index)} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length > count && (
        <Button variant="default" size="xs" onClick={() => setCount(count + 4 * PAGE)} style={{ alignSelf: "center" }}>
          Show more
        </Button>
      )}
    </>
  );
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }) {
  return (
    <Group gap="xs">
      <TextInput
        size="xs"
        flex="1 1 160px"
        placeholder="Search the texts"
        aria-label="Search the texts"
        leftSection={<IconSearch size={14} />}
        value={filter.text}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
      />
      <Select
        size="xs"
        w={140}
        clearable
        placeholder="Any sentiment"
        aria-label="Sentiment"
        data={SENTIMENTS.map(({ name, label }) => ({ value: name, label }))}
        value={filter.sentiment}
        onChange={(sentiment) => onChange({ sentiment })}
      />
      <Select
        size="xs"
        w={140}
        clearable
        placeholder="Any class"
        aria-label="Class"
        data={CLASSES.map(({ name, label }) => ({ value: name, label }))}
        value={filter.class}
        onChange={(value) => onChange({ class: value })}
      />
    </Group>
  );
}

function Row({ comment, text }: { comment: Comment; text: string | undefined }) {
  return (
    <tr>
      <td className={classes.number}>{comment.index + 1}</td>
      <td className={classes.text}>
        {text ?? (
          <Text span fz="sm" c="dimmed">
            Text not kept in this tab
          </Text>
        )}
      </td>
      <td>
        {comment.sentiment && <SentimentBadge sentiment={comment.sentiment} />}
        {comment.score !== undefined && <span className={classes.score}>{comment.score.toFixed(1)}</span>}
      </td>
      <td>
        {comment.class && (
          <Badge variant="default" size="sm" tt="none" fw={400} miw="max-content">
            {comment.class}
          </Badge>
        )}
      </td>
    </tr>
  );
}

function matches(comment: Comment, texts: ReadonlyMap<number, string>, filter: Filter): boolean {
  const words = filter.text.trim().toLowerCase();
  return (
    (filter.sentiment === null || comment.sentiment === filter.sentiment) &&
    (filter.class === null || comment.class === filter.class) &&
    (words === "" || (texts.get(comment.index) ?? "").toLowerCase().includes(words))
  );
}
