import { Badge } from "@mantine/core";
import { SENTIMENTS } from "./analysis-words.ts";
import type { Sentiment } from "./types.ts";

const HUE = { positive: "teal", neutral: "gray", negative: "red" } as const;

/** A sentiment as a colored word. */
export function SentimentBadge({ sentiment }: { sentiment: Sentiment }) {
  return (
    <Badge variant="light" size="sm" tt="none" fw={500} color={HUE[sentiment]} flex="none">
      {SENTIMENTS.find(({ name }) => name === sentiment)?.label}
    </Badge>
  );
}
